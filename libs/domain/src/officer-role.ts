/** What an officer may take part in, as the chain's Role enum; an officer can have several. */
export const OFFICER_ROLE = { governor: 0, treasurer: 1, registrar: 2 } as const;
export type OfficerRoleName = keyof typeof OFFICER_ROLE;
/** All roles in the order of their numbers. */
export const OFFICER_ROLES = ['governor', 'treasurer', 'registrar'] as const satisfies OfficerRoleName[];

const ROLES: readonly { readonly name: OfficerRoleName; readonly ko: string; readonly en: string }[] = [
  { name: 'governor', ko: '총괄 담당자', en: 'governor' },
  { name: 'treasurer', ko: '재정 담당자', en: 'treasurer' },
  { name: 'registrar', ko: '등록 담당자', en: 'registrar' },
];

/** Name of a role number; undefined when there is no such role. */
export function officerRoleName(role: number): OfficerRoleName | undefined {
  return ROLES[role]?.name;
}

/** Word for people. */
export function officerRoleText(role: number, lang: 'ko' | 'en'): string {
  return ROLES[role]?.[lang] ?? String(role);
}
