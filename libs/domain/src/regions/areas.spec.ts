import * as fc from 'fast-check';
import { areasContain, areasMeet, nearestTo } from './areas.js';

const HOLDERS = [
  { authority: '47', areas: ['47'] },
  { authority: '47720', areas: ['47720', '27720'] },
  { authority: '27', areas: ['27'] },
];

describe('areas of an authority', () => {
  it.each([
    ['47720101', true],
    ['27720', true],
    ['27', false],
    ['27710', false],
    ['', false],
  ])('contain %j: %j', (region, wanted) => {
    expect(areasContain(['47720', '27720'], region)).toBe(wanted);
  });

  it('of the state contain nothing', () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{0,10}$/), (region) => !areasContain([], region)));
  });

  it('meet others that lie in one of them', () => {
    expect(areasMeet(['27'], ['47720', '27720'])).toBe(true);
    expect(areasMeet(['27720'], ['27'])).toBe(false);
    expect(areasMeet(['27'], [])).toBe(false);
  });
});

describe('the nearest authority', () => {
  it.each([
    ['47720101', '47720'],
    ['27720', '47720'],
    ['27710', '27'],
    ['47', '47'],
    ['11', ''],
  ])('to %j is %j', (region, authority) => {
    expect(nearestTo(HOLDERS, region)).toBe(authority);
  });
});
