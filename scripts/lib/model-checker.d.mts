export function checkModels(job: {
  texts: ReadonlyMap<string, string>;
  file: string;
  contracts: readonly string[];
  solve: (question: string) => string;
}): Map<string, 'proved' | 'refuted' | 'open'>;
