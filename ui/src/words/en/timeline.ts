// The picture of time: which tokens lapse when, over the next twelve months.
export const timeline = {
  timeline: "Timeline",
  timeline_title: "What lapses in the next 12 months",
  timeline_label: {
    one: "{count} expiry in the next 12 months, the most on one day: {most}",
    other: "{count} expiries in the next 12 months, the most on one day: {most}",
  },
  timeline_none: "Nothing lapses in the next 12 months.",
  timeline_today: "Today",
  timeline_limit: "Latest allowed",
  timeline_table: "As a table",
  timeline_day: "Day",
  timeline_when: "When",
  timeline_tokens: "Tokens",
  timeline_night: "at night",
  timeline_weekend: "on a weekend",
  timeline_work: "in working hours",
  timeline_select: { one: "Select {count} token", other: "Select {count} tokens" },
  timeline_hint: "Nobody may be there at night or on a weekend: give those another day.",
} as const;
