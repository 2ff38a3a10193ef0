/** Reads JSON from outside: says where something was missing instead of passing `undefined` on. */
export class Json {
  constructor(
    readonly value: unknown,
    private readonly path = '',
  ) {}

  /** The field of an object; absent and null fields are Json(undefined). */
  at(name: string): Json {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.wrong('an object');
    const entry = Object.entries(value).find(([key]) => key === name);
    return new Json(entry?.[1] ?? undefined, this.path === '' ? name : `${this.path}.${name}`);
  }

  get present(): boolean {
    return this.value !== undefined;
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.wrong('a text');
  }

  integer(): number {
    return typeof this.value === 'number' && Number.isSafeInteger(this.value)
      ? this.value
      : this.wrong('a whole number');
  }

  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.wrong('true or false');
  }

  /** Won: a string of digits; a minus is possible in differences. */
  won(): bigint {
    return typeof this.value === 'string' && /^-?\d+$/.test(this.value)
      ? BigInt(this.value)
      : this.wrong('won as digits');
  }

  list(): Json[] {
    if (!Array.isArray(this.value)) return this.wrong('a list');
    return this.value.map((entry: unknown, index) => new Json(entry, `${this.path}[${index}]`));
  }

  /** The fields of an object. */
  fields(): [name: string, value: Json][] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.wrong('an object');
    return Object.entries(value).map(([name, inner]) => [name, new Json(inner, `${this.path}.${name}`)]);
  }

  private wrong(what: string): never {
    const seen = JSON.stringify(this.value)?.slice(0, 80) ?? 'nothing';
    throw new TypeError(`answer of the platform: ${this.path || 'body'} must be ${what}, not ${seen}`);
  }
}
