/** An answer read field by field: says what was missing instead of passing `undefined` on. */
export class Json {
  constructor(
    readonly value: unknown,
    private readonly path = 'body',
  ) {}

  /** A field, or an element of a list; Json(undefined) when it is absent or null. */
  at(...names: readonly (string | number)[]): Json {
    return names.reduce<Json>((json, name) => json.field(name), this);
  }

  get present(): boolean {
    return this.value !== undefined;
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.wrong('a text');
  }

  number(): number {
    return typeof this.value === 'number' ? this.value : this.wrong('a number');
  }

  /** Won as digits. */
  won(): bigint {
    return typeof this.value === 'string' && /^\d+$/.test(this.value)
      ? BigInt(this.value)
      : this.wrong('won');
  }

  list(): Json[] {
    if (!Array.isArray(this.value)) return this.wrong('a list');
    return this.value.map((entry: unknown, index) => new Json(entry, `${this.path}[${index}]`));
  }

  /** The fields of an object. */
  object(): Record<string, unknown> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.wrong('an object');
    return Object.fromEntries(Object.entries(value));
  }

  private field(name: string | number): Json {
    const entry: unknown = typeof name === 'number' ? this.list()[name]?.value : this.object()[name];
    return new Json(entry ?? undefined, `${this.path}.${name}`);
  }

  private wrong(what: string): never {
    throw new TypeError(`${this.path} is not ${what}: ${JSON.stringify(this.value)?.slice(0, 200)}`);
  }
}
