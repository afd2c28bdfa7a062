//! The sentences that stand above the tables, on the terminal and in the report.

pub(crate) const CHECKS: &str = "\
Every step of the derivation of Var[w] = 2/n, measured. A step holds if the predicted value lies in
the 99.99 % interval around the measured one. Steps (b) and (c) compare whole distributions: there
the measured number is the Kolmogorov-Smirnov distance, and the prediction is 0.";

pub(crate) const COUNTER_EXAMPLES: &str = "\
The same checks with one assumption broken each. A check is caught if it fails, as it must. × marks
the factor by which the law is then wrong: 1 if it held, exact by theory, measured by the draws.";

pub(crate) const ENDS: &str = "\
At the ends: E[x²] of the last layer, E[g²] of the gradient by the inputs where that by the outputs
has 1, and the spread of networks around the law, which grows like depth/width. ± is half the 99.99 %
interval; where the spread is 1 or more, few networks carry the mean, and it scatters widely.";

pub(crate) const WEIGHTS: &str = "\
The weights of a network, new and trained, against He's law. A z-score counts standard errors: of
new weights it lies within ±4, and training moves the weights away from where they were drawn.";
