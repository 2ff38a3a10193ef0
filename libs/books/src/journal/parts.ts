import { FUNDERS, type Funder, type FundingParts, type FundingSplit, type Won } from '#domain';

export const NO_PARTS: FundingParts = { resident: 0n, state: 0n, province: 0n, city: 0n };

/** Parts from a rule for each funder. */
export function partsOf(rule: (funder: Funder) => Won): FundingParts {
  return {
    resident: rule('resident'),
    state: rule('state'),
    province: rule('province'),
    city: rule('city'),
  };
}

export function plus(one: FundingParts, other: FundingParts): FundingParts {
  return partsOf((funder) => one[funder] + other[funder]);
}

export function minus(one: FundingParts, other: FundingParts): FundingParts {
  return partsOf((funder) => one[funder] - other[funder]);
}

export function sumOf(parts: FundingParts): Won {
  return parts.resident + parts.state + parts.province + parts.city;
}

/**
 * The parts nearest to `wanted` that add up to `amount` with no funder below zero or above `room`. Wanted parts need
 * not add up: what is missing is taken where most room is left, what is too much is left where most would be taken,
 * since there a won weighs least.
 *
 * @throws Error when all room together is less than `amount`: the chain would have refused it
 */
export function fit(wanted: FundingParts, room: FundingParts, amount: Won): FundingParts {
  const parts: Record<Funder, Won> = {
    ...partsOf((funder) => least(most(wanted[funder], 0n), room[funder])),
  };
  let missing = amount - sumOf(parts);
  while (missing !== 0n) {
    const spaceOf = (funder: Funder): Won => (missing > 0n ? room[funder] - parts[funder] : parts[funder]);
    const funder = FUNDERS.reduce((best, next) => (spaceOf(next) > spaceOf(best) ? next : best));
    const step = least(spaceOf(funder), missing > 0n ? missing : -missing);
    if (step <= 0n)
      throw new Error(`an account holds ${sumOf(room)} won, less than the ${amount} that left it`);
    parts[funder] += missing > 0n ? step : -step;
    missing += missing > 0n ? -step : step;
  }
  return parts;
}

/**
 * What the first `total` won that are not the resident's own are made of: by the shares of the other funders alone.
 * Each funder takes its rounded share of what the ones before left, so no part ever falls as the total grows, and
 * each stays within two won of its exact share.
 */
export function othersUpTo(total: Won, split: FundingSplit): FundingParts {
  const others = FUNDERS.filter((funder) => funder !== 'resident');
  let left = total;
  let shares = others.reduce((sum, funder) => sum + split[funder], 0);
  const parts: Record<Funder, Won> = { ...NO_PARTS };
  for (const funder of others) {
    const share = split[funder];
    if (share === 0) continue;
    parts[funder] = (left * BigInt(share)) / BigInt(shares);
    left -= parts[funder];
    shares -= share;
  }
  return parts;
}

function least(one: Won, other: Won): Won {
  return one < other ? one : other;
}

function most(one: Won, other: Won): Won {
  return one > other ? one : other;
}
