using System.Runtime.CompilerServices;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;

var project = ProjectDirectory();

// BenchmarkDotNet looks for this project below the current directory: started elsewhere, it would find and build whatever
// checkout lies there.
Directory.SetCurrentDirectory(project);

// It builds with an absolute output path, which the path of the BPF object is not made for: without this the object lands
// among the sources.
var job = Job.Default.WithArguments([new MsBuildArgument($"/p:BpfObject={project}/obj/bpf/beyla.bpf.o")]);

// Others on the machine can only make a run slower: the least is what the code costs, the median what to expect.
var config = DefaultConfig.Instance.AddJob(job.AsMutator()).AddColumn(StatisticColumn.Min, StatisticColumn.Median).HideColumns(Column.Arguments);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);

static string ProjectDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
