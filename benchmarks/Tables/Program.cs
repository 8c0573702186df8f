using System.CommandLine;
using System.Reflection;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Tables;

const string page = "docs/performance.md";
const string examples = """


    Examples:
      benchmarks/run                     all, one after the other: about an hour and three quarters
      benchmarks/run cost latency        these two
      benchmarks/run lake --ticks F      the lake, with the recorded ticks in folder F
      benchmarks/run --quick --dirty     all in a quarter of an hour, to check that they run; afterwards, git checkout docs/performance.md
    """;
var names = new Argument<string[]>("name")
{
    Description = $"The benchmarks to run, of: {string.Join(", ", Benchmark.All.Select(benchmark => benchmark.Name))}; default: all",
    Arity = ArgumentArity.ZeroOrMore,
};
var quick = new Option<bool>("--quick") { Description = "Short runs, to try the programs: their figures are rough" };
var dirty = new Option<bool>("--dirty") { Description = "Allow uncommitted changes; the tables mention them" };
var ticks = new Option<string>("--ticks")
{
    Description = "Folder of LEAN's sample ticks, for lake, relative to the repository's root; default: synthetic ticks",
    DefaultValueFactory = _ => "",
};
var command = new RootCommand(
    $"Runs the benchmarks and writes their tables into {page}, each with the commit, the time and the machine. The table of a benchmark "
        + "that fails or is not run stays unchanged, with its old commit; the exit code is 1 when one fails or none can "
        + "run, 2 when an argument is invalid." + examples)
{
    names, quick, dirty, ticks,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var root = typeof(Benchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;
    var benchmarks = TableRun.Named(parsed.GetValue(names)!);
    var commit = await WorkTree.CommitAsync(root, page, parsed.GetValue(dirty), cancellationToken);
    var measurement = new Measurement(root, commit, parsed.GetValue(quick), parsed.GetValue(ticks)!);
    return await new TableRun(Path.Combine(root, page), measurement.MeasureAsync, Console.Out).RunAsync(benchmarks, cancellationToken);
});
