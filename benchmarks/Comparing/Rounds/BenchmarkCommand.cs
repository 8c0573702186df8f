using System.CommandLine;
using CloudTicks.Cli.Usage;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>The command line of a benchmark: <c>--rounds</c>, <c>--json</c>, <c>--help</c>, and the benchmark's own options.</summary>
public sealed class BenchmarkCommand
{
    private readonly Option<int> _rounds = new(
        "--rounds")
    { Description = "Counted rounds; each runs every side once", DefaultValueFactory = _ => 7 };
    private readonly Option<bool> _json = new("--json") { Description = "Print the results as one JSON object" };
    private readonly RootCommand _command;

    /// <summary>Creates the command.</summary>
    /// <param name="description">What the benchmark measures.</param>
    public BenchmarkCommand(string description)
    {
        _command = new RootCommand(description) { _rounds, _json };
        _rounds.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var rounds) || rounds is < 1 or > 1_000))
            {
                result.AddError("--rounds must be between 1 and 1000.");
            }
        });
    }

    /// <summary>Adds an option that takes a number of ticks.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its help text.</param>
    /// <param name="value">The default.</param>
    /// <returns>The option.</returns>
    public Option<int> AddCount(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        _command.Add(option);
        return option;
    }

    /// <summary>Adds the option <c>--ticks</c>, which replaces synthetic ticks with recorded ones.</summary>
    /// <returns>The option.</returns>
    public Option<string[]> AddRecordedTicks()
    {
        var option = new Option<string[]>("--ticks")
        {
            Description = "Files of recorded ticks of one market, in the formats of AppHost's --replay; default: synthetic ticks",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        _command.Add(option);
        return option;
    }

    /// <summary>Runs the benchmark with the arguments.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="run">Runs the comparisons, given the parsed arguments and the number of rounds.</param>
    /// <returns>The exit code: 0; 1 if it could not run or the sides' output differs; 2 if the arguments are invalid.</returns>
    public Task<int> RunAsync(string[] args, Func<ParseResult, int, CancellationToken, IAsyncEnumerable<ComparisonResult>> run) =>
        RunAsync(_command, args, (parsed, cancellationToken) => ReportAsync(parsed, run, cancellationToken));

    /// <summary>Runs a command, unless its arguments are invalid.</summary>
    /// <param name="command">The command with its options.</param>
    /// <param name="args">The program's arguments.</param>
    /// <param name="run">Measures, and returns the exit code.</param>
    /// <returns>The exit code of <paramref name="run"/>; 1 if it could not run; 2 if the arguments are invalid.</returns>
    public static async Task<int> RunAsync(RootCommand command, string[] args, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await run(parsed, cancellationToken);
            }
            catch (Exception problem) when (problem is BenchmarkException or LocalServicesUnavailableException or HttpRequestException)
            {
                await Console.Error.WriteLineAsync(problem.Message);
                return 1;
            }
        });
        var result = command.Parse(args, CommandLineFaults.Strict);
        var faults = CommandLineFaults.Of(result, args);
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        return faults.Count == 0 ? await result.InvokeAsync() : 2;
    }

    private async Task<int> ReportAsync(
        ParseResult parsed, Func<ParseResult, int, CancellationToken, IAsyncEnumerable<ComparisonResult>> run,
        CancellationToken cancellationToken)
    {
        var results = new List<ComparisonResult>();
        await foreach (var result in run(parsed, parsed.GetValue(_rounds), cancellationToken))
        {
            results.Add(result);
            if (!parsed.GetValue(_json))
            {
                Report.WriteText(Console.Out, result);
            }
        }

        if (parsed.GetValue(_json))
        {
            JsonReport.Write(Console.Out, results, Report.Table(results));
        }

        return 0;
    }
}
