using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Lake;

if (args is [WriterProcess.Argument, var hub, var folder])
{
    return await WriterProcess.WriteAsync(hub, folder);
}

var parts = new Option<string[]>("--parts")
{
    Description = "The parts to measure",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [.. LakePlan.Parts],
};
parts.AcceptOnlyFromAmong(LakePlan.Parts);
var ticks = new Option<string>("--ticks")
{
    Description = "Folder of LEAN's sample ticks, for the parts 'size' and 'writing'; default: synthetic ticks",
    DefaultValueFactory = _ => "",
};
var count = new Option<int>("--count")
{
    Description = "Synthetic ticks for the parts 'size' and 'writing'",
    DefaultValueFactory = _ => 2_000_000,
};
var rows = new Option<int>("--rows")
{
    Description = "Trades for the part 'scan'. The goal applies to 100,000,000, but storing that many in TimescaleDB takes a long time",
    DefaultValueFactory = _ => 5_000_000,
};
var backlog = new Option<int>("--backlog") { Description = "Archived ticks for the part 'memory'", DefaultValueFactory = _ => 10_000_000 };
var rate = new Option<int>("--rate") { Description = "Ticks per second for the part 'live'", DefaultValueFactory = _ => 5_000 };
var rounds = new Option<int>("--rounds") { Description = "Counted rounds", DefaultValueFactory = _ => 5 };
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Measures the disk space, processor time and memory that the lake uses, and how fast it is read, compared with DuckDB and TimescaleDB.")
{
    parts, ticks, count, rows, backlog, rate, rounds, json,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var plan = new LakePlan(
        parsed.GetValue(ticks)!, parsed.GetValue(count), parsed.GetValue(rows), parsed.GetValue(backlog), parsed.GetValue(rate),
        parsed.GetValue(rounds));
    var figures = new List<LakeFigure>();
    await foreach (var figure in plan.RunAsync(parsed.GetValue(parts)!, cancellationToken))
    {
        figures.Add(figure);
        if (!parsed.GetValue(json))
        {
            Console.WriteLine(figure);
        }
    }

    if (parsed.GetValue(json))
    {
        JsonReport.Write(Console.Out, figures, LakeFigure.Table(figures));
    }

    return 0;
});
