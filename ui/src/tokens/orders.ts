// The orders that a list can have, and how they are called. The server sorts.
import type { Sort } from "../ipc/generated/Sort";
import { say } from "../words/words";

export const ORDERS: readonly { sort: Sort; label: () => string }[] = [
  { sort: "-created_at", label: () => say("sort_created_desc") },
  { sort: "created_at", label: () => say("sort_created_asc") },
  { sort: "expires_at", label: () => say("sort_expires_asc") },
  { sort: "-expires_at", label: () => say("sort_expires_desc") },
  { sort: "-last_used_at", label: () => say("sort_used_desc") },
  { sort: "last_used_at", label: () => say("sort_used_asc") },
  { sort: "-use_count", label: () => say("sort_count_desc") },
  { sort: "use_count", label: () => say("sort_count_asc") },
  { sort: "-permission_count", label: () => say("sort_permissions_desc") },
  { sort: "permission_count", label: () => say("sort_permissions_asc") },
  { sort: "name", label: () => say("sort_name_asc") },
  { sort: "-name", label: () => say("sort_name_desc") },
];
