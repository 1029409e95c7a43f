using Xunit.Sdk;
using Xunit.v3;

// The tests of timing and of what is left in the kernel would disturb one another.
[assembly: Parallelization(Mode = ParallelMode.None)]
