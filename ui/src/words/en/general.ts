// Words that no subject owns: times, buttons, risks.
export const general = {
  just_now: "just now",
  within_a_minute: "in less than a minute",
  zone_of_place: "{place} time ({offset})",
  instant_in_zone: "{instant}, {zone}",
  seconds_left: "{seconds}\u00a0s",
  minutes_left: "{minutes}\u00a0min",
  for_seconds: { one: "{count} second", other: "{count} seconds" },
  for_minutes: { one: "{count} minute", other: "{count} minutes" },

  close: "Close",
  cancel: "Cancel",
  retry: "Retry",
  go_back: "Go back",
  loading: "Loading",
  request_id: "Request {id}",
  unnamed: "Token without a name",

  risk_read: "read",
  risk_sensitive_read: "sensitive",
  risk_write: "write",
  risk_admin: "admin",
  risk_read_count: "{count} read",
  risk_sensitive_read_count: "{count} sensitive",
  risk_write_count: "{count} write",
  risk_admin_count: "{count} admin",
} as const;
