// placeholder until the shell's types are merged
import type { Event } from "./Event";
export type EventPage = { events: Array<Event>, next: string | null };
