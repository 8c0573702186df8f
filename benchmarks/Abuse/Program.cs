using System.CommandLine;
using CloudTicks.Benchmarks.Abuse;
using CloudTicks.Benchmarks.Comparing.Rounds;

var seconds = new Option<int>("--seconds")
{
    Description = "Seconds that the honest clients run, first without each abuse and then with it",
    DefaultValueFactory = _ => 20,
};
var settle = new Option<int>("--settle")
{
    Description = "Seconds to wait after an abuse before the hub's memory is read again",
    DefaultValueFactory = _ => 30,
};
var only = new Option<string[]>("--only")
{
    Description = $"The abuses to run, of: {string.Join(", ", AbuseKind.All.Select(kind => kind.Name))}; default: all",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [],
};
var program = new Option<string>("--program")
{
    Description = "The .dll of another hub to run, such as an earlier version; default: this build",
    DefaultValueFactory = _ => "",
};
var json = new Option<bool>("--json") { Description = "Print the results as one JSON object" };
var command = new RootCommand(
    "Runs honest clients of the event hub in parallel with clients that misbehave, and prints the response times of the honest clients "
        + "without and with each abuse, and the hub's memory. The exit code is 1 when a p99 is more than twice as long with an "
        + "abuse or the benchmark cannot run, 2 when an argument is invalid.")
{
    seconds, settle, only, program, json,
};
return await BenchmarkCommand.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    var (time, settleTime) = (TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeSpan.FromSeconds(parsed.GetValue(settle)));
    var run = new AbuseRun(time, settleTime, parsed.GetValue(program)!);
    return await run.RunAsync(AbuseKind.Named(parsed.GetValue(only)!), parsed.GetValue(json), cancellationToken);
});
