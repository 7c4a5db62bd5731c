// placeholder until the server's types are merged
export type UseRecord = { day: string, address: string | null, agent: string | null, permission: string | null, count: number, last_at: string };
