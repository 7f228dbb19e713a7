import fc from "fast-check";
import { SEED } from "./random.js";

// A run that fails on one machine fails on each.
fc.configureGlobal({ seed: SEED });

export default fc;
