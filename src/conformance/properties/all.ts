import type { Property } from '../property.js';
import {
  allOrNothing,
  failedSetIsRolledBack,
  refusedSetLeavesNoTrace,
  setIsAtomic,
} from './atomicity.js';
import { bulkAgreesWithGetnext } from './bulk.js';
import { crashRecovery } from './crashing.js';
import {
  namesTheFault,
  refusesValuesOutsideTheSyntax,
  refusesWritesToReadOnly,
} from './refusing.js';
import { rowStatusLifeCycle } from './rows.js';
import {
  readBackOfWhatWasSet,
  sameInstanceTwice,
  setOrderIndependence,
  setResponseEchoesTheRequest,
} from './setting.js';
import { instancesFitTheirIndex, valuesFitTheirSyntax } from './values.js';
import {
  getAgreesWithWalk,
  getEchoesNames,
  getnextSkipsNothing,
  walkIsIncreasingAndEnds,
} from './walking.js';

/** All properties, in the order in which they are tried: reading first. */
export const ALL_PROPERTIES: readonly Property[] = [
  walkIsIncreasingAndEnds,
  getnextSkipsNothing,
  getAgreesWithWalk,
  getEchoesNames,
  bulkAgreesWithGetnext,
  valuesFitTheirSyntax,
  instancesFitTheirIndex,
  refusesWritesToReadOnly,
  refusesValuesOutsideTheSyntax,
  namesTheFault,
  readBackOfWhatWasSet,
  setResponseEchoesTheRequest,
  setIsAtomic,
  allOrNothing,
  refusedSetLeavesNoTrace,
  failedSetIsRolledBack,
  sameInstanceTwice,
  setOrderIndependence,
  rowStatusLifeCycle,
  crashRecovery,
];
