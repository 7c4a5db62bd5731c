// One wrapper for each command of the shell, under the same name. Nobody else calls `invoke`.
// Not here: words, state, retries. A rejected call carries a `Failure` (see failures.ts).
import { invoke } from "@tauri-apps/api/core";
import type { Appearance } from "./generated/Appearance";
import type { CallerOfToken } from "./generated/CallerOfToken";
import type { Catalogue } from "./generated/Catalogue";
import type { Created } from "./generated/Created";
import type { DailyUse } from "./generated/DailyUse";
import type { EventOfTokenPage } from "./generated/EventOfTokenPage";
import type { EventPage } from "./generated/EventPage";
import type { EventQuery } from "./generated/EventQuery";
import type { ExportFormat } from "./generated/ExportFormat";
import type { ExportOutcome } from "./generated/ExportOutcome";
import type { KeyringView } from "./generated/KeyringView";
import type { NewToken } from "./generated/NewToken";
import type { OpenWords } from "./generated/OpenWords";
import type { Overlap } from "./generated/Overlap";
import type { RememberedList } from "./generated/RememberedList";
import type { Reminder } from "./generated/Reminder";
import type { ReminderOutcome } from "./generated/ReminderOutcome";
import type { ReminderWords } from "./generated/ReminderWords";
import type { RestoredView } from "./generated/RestoredView";
import type { Revealed } from "./generated/Revealed";
import type { RevealLook } from "./generated/RevealLook";
import type { SaveWords } from "./generated/SaveWords";
import type { SaveOutcome } from "./generated/SaveOutcome";
import type { SessionView } from "./generated/SessionView";
import type { Settings } from "./generated/Settings";
import type { SettingsView } from "./generated/SettingsView";
import type { Snippet } from "./generated/Snippet";
import type { SnippetForm } from "./generated/SnippetForm";
import type { SnippetWanted } from "./generated/SnippetWanted";
import type { TestSource } from "./generated/TestSource";
import type { Token } from "./generated/Token";
import type { TokenChanges } from "./generated/TokenChanges";
import type { TokenPage } from "./generated/TokenPage";
import type { TokenPlaces } from "./generated/TokenPlaces";
import type { TokenQuery } from "./generated/TokenQuery";
import type { UnfinishedView } from "./generated/UnfinishedView";
import type { UseRecord } from "./generated/UseRecord";
import type { TokenTest } from "./generated/TokenTest";
import type { VaultView } from "./generated/VaultView";

export const describeSession = () => invoke<SessionView>("describe_session");
export const retryKeyring = () => invoke<KeyringView>("retry_keyring");
/** In the place of the built-in NMS's damaged store, which is kept. The next call starts the NMS. */
export const restoreBackup = (day: string) => invoke<RestoredView>("restore_backup", { day });
export const describeAppearance = () => invoke<Appearance>("describe_appearance");
export const describeSettings = () => invoke<SettingsView>("describe_settings");
/** The whole of them; they hold at once, also when `settings_not_saved` says that they were not kept. */
export const changeSettings = (settings: Settings) => invoke<SettingsView>("change_settings", { settings });
/** Described in this language (a tag), where the NMS speaks it. */
export const listPermissions = (language: string) => invoke<Catalogue>("list_permissions", { language });
export const listTokens = (query: TokenQuery) => invoke<TokenPage>("list_tokens", { query });
/** The last list that was read, for when the NMS cannot be reached; `null`: none of this person's. */
export const rememberedTokens = () => invoke<RememberedList | null>("remembered_tokens");
/** The same request again, after `outcome_unknown`, goes under the same key and makes no second token. */
export const createToken = (request: NewToken) => invoke<Created>("create_token", { request });
/** Answers at once; what became of the creation is what `createToken` answers, after seconds at most. */
export const cancelCreateToken = () => invoke<null>("cancel_create_token");
/** Whether the last creation of unknown outcome made a token after all (`lost`); `null`: not, or not yet. */
export const findOut = () => invoke<Created | null>("find_out");
/** What an earlier run left unfinished: the NMS is asked by the key alone. What was ended by it is told once. */
export const listUnfinished = () => invoke<UnfinishedView>("list_unfinished");
/** The person keeps a token of them as it is. */
export const keepUnfinished = (id: string) => invoke<null>("keep_unfinished", { id });
export const replaceToken = (id: string) => invoke<Created>("replace_token", { id });
/** A new token in the place of this one, which still works for the overlap. */
export const rotateToken = (id: string, overlap: Overlap) => invoke<Created>("rotate_token", { id, overlap });
/** Calls on each of the last 30 days, of at most 500 tokens. */
export const listUseDays = (ids: string[]) => invoke<DailyUse[]>("list_use_days", { ids });
export const updateToken = (id: string, etag: string, changes: TokenChanges) =>
  invoke<Token>("update_token", { id, etag, changes });
/** One that is gone already counts as deleted. */
export const deleteToken = (id: string) => invoke<null>("delete_token", { id });
/** Where its value was put, so that it can be removed with the token. */
export const describePlaces = (id: string) => invoke<TokenPlaces>("describe_places", { id });
/** After the token was deleted. */
export const removePlaces = (id: string, file: boolean, keychain: boolean) =>
  invoke<null>("remove_places", { id, file, keychain });
export const describeVault = () => invoke<VaultView>("describe_vault");
export const copyToken = (handle: number) => invoke<VaultView>("copy_token", { handle });
export const confirmArrival = (handle: number) => invoke<VaultView>("confirm_arrival", { handle });
/** Rust asks where, in the page's words. */
export const saveTokenToFile = (handle: number, words: SaveWords) =>
  invoke<SaveOutcome>("save_token_to_file", { handle, words });
/** Stored where other programs find it, and read back. May wait for a person at the keychain's own prompt. */
export const saveTokenToKeychain = (handle: number) => invoke<VaultView>("save_token_to_keychain", { handle });
export const revealToken = (handle: number, look: RevealLook) => invoke<Revealed>("reveal_token", { handle, look });
export const hideToken = (handle: number) => invoke<null>("hide_token", { handle });
export const keepVault = (handle: number) => invoke<VaultView>("keep_vault", { handle });
/** Wipes the secret. */
export const closeVault = (handle: number) => invoke<null>("close_vault", { handle });
export const emptyClipboard = () => invoke<VaultView>("empty_clipboard");
/** No token is in any of them. */
export const describeSnippets = (wanted: SnippetWanted) => invoke<Snippet[]>("describe_snippets", { wanted });
/** Refused with `clipboard_holds_token` while the token is on the clipboard. */
export const copySnippet = (form: SnippetForm, wanted: SnippetWanted) => invoke<null>("copy_snippet", { form, wanted });
/** Of those that carry the token: with it, as the one copy. */
export const copyFilledSnippet = (handle: number, form: SnippetForm, wanted: SnippetWanted) =>
  invoke<VaultView>("copy_filled_snippet", { handle, form, wanted });
/** Rust asks where, in the page's words, then reads every page; hear `export_progress` meanwhile. */
export const exportTokens = (format: ExportFormat, words: SaveWords, query: TokenQuery) =>
  invoke<ExportOutcome>("export_tokens", { format, words, query });
/** The export then answers `cancelled`, unless it was writing already. */
export const cancelExport = () => invoke<null>("cancel_export");
/** Empty where the settings say that nobody is to be reminded. */
export const dueReminders = () => invoke<Reminder[]>("due_reminders");
/** `told` says what it tells of; once it is `shown` that is not due again. A click on it is told as `open_token`. */
export const showReminder = (words: ReminderWords) => invoke<ReminderOutcome>("show_reminder", { words });
/** Looks at the clipboard, or at a file that a dialog in the page's words asks for. No value comes back. */
export const testToken = (from: TestSource, words: OpenWords) => invoke<TokenTest>("test_token", { from, words });
/** While a form holds something unsaved, closing the window asks first. */
export const setFormUnsaved = (unsaved: boolean) => invoke<null>("set_form_unsaved", { unsaved });
/** Ends the app, after the page has asked whatever was to be asked. */
export const quit = () => invoke<null>("quit");
/** Who used a token in the last 30 days. */
export const listUses = (id: string) => invoke<UseRecord[]>("list_uses", { id });
/** What happened to a token, newest first; also to one that was deleted less than 90 days ago. */
export const listTokenEvents = (id: string, cursor: string | null) =>
  invoke<EventPage>("list_token_events", { id, cursor });
/** What happened to all tokens, newest first; also to those that were deleted less than 90 days ago. */
export const listEvents = (query: EventQuery) => invoke<EventOfTokenPage>("list_events", { query });
/** Who used any token in the last 30 days, the last first; deleted ones too. */
export const listCallers = (q: string | null) => invoke<CallerOfToken[]>("list_callers", { q });
/** One token as it is now; `not_found` when it was deleted. */
export const readToken = (id: string) => invoke<Token>("read_token", { id });
