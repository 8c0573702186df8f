using System.CommandLine;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Lakes;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Replaying;
using CloudTicks.Cli.Sql;
using CloudTicks.LocalServices.Installation;
using CloudTicks.Verification.Checklist;
using CloudTicks.Verification.Checks;
using CloudTicks.Verification.Findings;

namespace CloudTicks.Cli.Verifying;

/// <summary><c>cloudticks verify</c>: runs the operator's checklist against a running system.</summary>
internal static class VerifyCommand
{
    private const string Description = """
        Check a running system as its operator would: whether ticks reach the table, NATS and the archive; every symbol ticks; the
        connections are up; retention works; limits were kept; the services use the newest configuration and would receive a change; feed,
        archive, table and gaps agree, tick by tick; and the lake has every tick of the archive. The checks change nothing, except that the
        days of the lake that agree are recorded in its folder.

        The servers are those of the options, else of the environment (ConnectionStrings__timescale, __nats, __eventhubs, CLOUDTICKS_HUB;
        the key is in CLOUDTICKS_HUB_KEY), else of the AppHost of --data, of this folder (./.cloudticks), or the last
        AppHost started elsewhere, else those at the default ports. By default it reconciles the time from five minutes to ten seconds
        ago, and compares the days of the lake that have changed since they were last found to agree. --from and --to also select the days
        of the lake to compare, with all symbols.
        Exit code: 0 every check passed; 1 a check failed; 2 a check could not be run, or wrong usage; 130 Ctrl-C.

        Examples:
          cloudticks verify
          cloudticks verify --json | jq '.checks[] | select(.state != "pass")'
          cloudticks verify --check table nats archive --patience 5s
          cloudticks verify --check lake
          cloudticks verify --check reconcile --from 2026-11-20T09:00Z --to 2026-11-20T10:00Z --symbols EURUSD
          CLOUDTICKS_HUB_KEY=ctk_... cloudticks verify --hub https://hub.example:7000 --collector a.example:8000 b.example:8000
        """;

    private static readonly VerificationOptions DefaultOptions = new();

    private static readonly TickSelectionOptions Ticks = new(
        "The start of the reconciled time range, inclusive: ISO 8601 (UTC if it has no offset) or Unix ms [default: five minutes ago]",
        "The end of the range, exclusive, in the same format [default: ten seconds ago]");

    private static readonly Option<string[]> Checks = new Option<string[]>("--check")
    {
        Description = "Only these checks",
        HelpName = "name...",
        AllowMultipleArgumentsPerToken = true,
    }.AcceptOnlyFromAmong([.. OperatorChecklist.Names]);

    private static readonly Option<TimeSpan?> MaxWait =
        TimeOption("--patience", "How long to wait for figures that must change: 5s, 1m", DefaultOptions.MaxWait);

    private static readonly Option<TimeSpan?> Quiet = TimeOption(
        "--quiet", "How long a symbol may be quiet in its market's hours, or ten times its usual pause if longer",
        DefaultOptions.Quiet);

    private static readonly Option<TimeSpan?> LookBack = TimeOption(
        "--look-back", "How far back lost connections and rate-limit refusals count", DefaultOptions.LookBack);

    public static Command Create()
    {
        var command = new Command("verify", Description) { Checks, MaxWait, Quiet, LookBack, HubOptions.Json, HubOptions.Color };
        foreach (var option in Ticks.ArchiveOptions)
        {
            command.Add(option);
        }

        VerifyTargets.AddTo(command);

        command.Validators.Add(Ticks.Check);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result)
    {
        using var interruption = new Interruption();
        try
        {
            Servers.UseFetchedClientLibraries();
            using var targets = VerifyTargets.Of(result, TimeProvider.System);
            var (from, to) = Ticks.Times(result);
            var json = result.GetValue(HubOptions.Json);
            var checks = result.GetValue(Checks) ?? [];
            if (targets.OperatedSystem.Lake is not null && (checks.Length == 0 || checks.Contains("lake")))
            {
                await DuckDbLibraries.UseAsync(Console.Error, interruption.Token);
            }

            var progress = new ProgressMeter(
                "Comparing the lake with the archive", Console.Error, ProgressLine.IsTerminal && !json, TimeProvider.System);
            var options = new VerificationOptions
            {
                Checks = checks,
                LakeProgress = ProgressLine.IsTerminal && !json ? progress.Report : null,
                MaxWait = result.GetValue(MaxWait) ?? DefaultOptions.MaxWait,
                Quiet = result.GetValue(Quiet) ?? DefaultOptions.Quiet,
                LookBack = result.GetValue(LookBack) ?? DefaultOptions.LookBack,
                FromMs = from,
                ToMs = to,
                Symbols = Ticks.Selection(result).Symbols,
                Sorting = Ticks.SortingOptions(result),
            };
            return await CheckAsync(targets, options, result, progress, interruption.Token);
        }
        catch (Exception problem) when (problem is FormatException or DllNotFoundException or LocalServicesUnavailableException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCodes.Usage;
        }
        catch (HubProblemException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static async Task<int> CheckAsync(
        VerifyTargets targets, VerificationOptions options, ParseResult result, ProgressMeter progress, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var console = HubConsole.Of(result);
        var json = result.GetValue(HubOptions.Json);
        var view = new ChecklistView(console);
        if (!json)
        {
            view.Begin(targets);
        }

        var results = new List<CheckResult>();
        var lines = new OperatorChecklist(targets.OperatedSystem, options, time).Begin(cancellationToken);
        foreach (var line in lines)
        {
            // The comparison of the lake is the last check, and the only one that may take minutes.
            results.Add(line == lines[^1] && options.LakeProgress is not null ? await progress.ShowAsync(line) : await line);
            if (!json)
            {
                view.Show(results[^1]);
            }
        }

        if (json)
        {
            console.Json(ChecklistJson.Of(targets, results, time.GetUtcNow()));
        }
        else
        {
            view.End(results);
        }

        return results.Exists(line => line.Finding.State == CheckState.Fail) ? ExitCodes.Incomplete
            : results.Exists(line => line.Finding.State == CheckState.Unknown) ? ExitCodes.Usage
            : ExitCodes.Done;
    }

    private static Option<TimeSpan?> TimeOption(string name, string description, TimeSpan standard) => new(name)
    {
        Description = $"{description} [default: {standard.TotalSeconds:0}s]",
        HelpName = "time",
        CustomParser = result =>
        {
            if (Length.TryParse(result.Tokens[0].Value, out var time))
            {
                return time;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is not a time such as 20s, 5m or 1h.");
            return default;
        },
    };
}
