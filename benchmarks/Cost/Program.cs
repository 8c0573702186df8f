using System.CommandLine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Cost;

const string examples = """


    Examples (after 'dotnet run -c Release --project benchmarks/Cost --'):
      --rates 1000                          one rate
      --rates 0 100 --warm 90 --json        market closed, and a quiet market; JSON output
      --rates 5000 --calls 0                without strace
      --rates 1000 --program OTHER/AppHost/Local/bin/Release/net10.0/AppHost.dll    an earlier build, for comparison
    """;
var rates = new Option<int[]>("--rates")
{
    Description = "Simulated ticks per second, with one run for each rate; 0 closes the market after the warm-up at 100",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [0, 100, 1_000, 5_000, 50_000],
};
var warm = new Option<int>("--warm")
{
    Description = "Seconds from the first tick to the start of the measurement, so that hot code is compiled",
    DefaultValueFactory = _ => 60,
};
var seconds = new Option<int>("--seconds") { Description = "Seconds to measure", DefaultValueFactory = _ => 30 };
var calls = new Option<int>("--calls")
{
    Description = "Seconds to run strace after the measurement, if it is installed; 0 to skip it",
    DefaultValueFactory = _ => 5,
};
var program = new Option<string>("--program")
{
    Description = "The .dll of another AppHost to run, such as an earlier version; default: this build",
    DefaultValueFactory = _ => "",
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Measures the cost of the running system at a rate: processor time, context switches, system calls and memory of each process."
        + examples)
{
    rates, warm, seconds, calls, program, json,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var plan = new CostPlan(
        TimeSpan.FromSeconds(parsed.GetValue(warm)), TimeSpan.FromSeconds(parsed.GetValue(seconds)),
        TimeSpan.FromSeconds(parsed.GetValue(calls)), parsed.GetValue(program)!);
    var results = new List<CostResult>();
    foreach (var rate in parsed.GetValue(rates)!)
    {
        results.Add(await CostRun.RunAsync(rate, plan, cancellationToken));
        if (!parsed.GetValue(json))
        {
            CostReport.WriteText(Console.Out, results[^1]);
        }
    }

    if (parsed.GetValue(json))
    {
        JsonReport.Write(Console.Out, results, CostReport.Table(results));
    }

    return 0;
});
