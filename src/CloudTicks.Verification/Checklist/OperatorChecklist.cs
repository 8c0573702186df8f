using CloudTicks.EventStream;
using CloudTicks.Timescale;
using CloudTicks.Verification.Checks;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using Npgsql;

namespace CloudTicks.Verification.Checklist;

/// <summary>
/// The operator's checklist: checks of a running system, run concurrently. They change nothing except the list of the lake's proved days.
/// </summary>
public sealed class OperatorChecklist(OperatedSystem system, VerificationOptions options, TimeProvider time)
{
    /// <summary>The names of all checks, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "table", "nats", "archive", "symbols", "connection", "retention", "rate-limits", "configuration", "hot-reload", "reconcile", "lake",
    ];

    /// <summary>Starts the checks.</summary>
    /// <returns>The results in order, each as a task. A task fails only on cancellation, or on an unexpected error.</returns>
    public IReadOnlyList<Task<CheckResult>> Begin(CancellationToken cancellationToken) =>
        [.. All().Where(check => options.Checks.Count == 0 || options.Checks.Contains(check.Name))
            .Select(check => CheckAsync(check, cancellationToken))];

    private IEnumerable<ICheck> All()
    {
        var pace = new Pace(options.MaxWait, time);
        var selection = new SelectedSymbols(system);
        yield return new TableCheck(system, selection, pace);
        yield return new NatsCheck(system, selection, pace);
        yield return new ArchiveCheck(system, selection, pace);
        yield return new SymbolsCheck(system, selection, options, pace, time);
        yield return new ConnectionCheck(system, options, time);
        yield return new TableRetentionCheck(system);
        yield return new RateLimitCheck(system, options, time);
        yield return new ConfigurationCheck(system, pace, time);
        yield return new HotReloadCheck(system, pace, time);
        yield return new ReconcileCheck(system, selection, options, time);
        yield return new LakeCheck(system, options, time);
    }

    private async Task<CheckResult> CheckAsync(ICheck check, CancellationToken cancellationToken)
    {
        // Start each check on a thread of the pool, because the calls of some clients block.
        await Task.Yield();
        var startedAt = time.GetTimestamp();
        var finding = await CheckOnceAsync(check, cancellationToken);
        return new CheckResult(check.Name, check.Title, finding, time.GetElapsedTime(startedAt));
    }

    private async Task<Finding> CheckOnceAsync(ICheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await check.CheckAsync(cancellationToken);
        }
        catch (NoResponseException silent)
        {
            return silent.IsUnreachable && check.Subjects.Contains(silent.Part)
                ? Finding.Fail(silent.Message, silent.Cure)
                : Finding.Unknown(silent.Message, silent.Cure);
        }
        catch (NpgsqlException problem)
        {
            var failure = DatabaseProblem.Of(problem, system.Table!.ConnectionString);
            var sentence = char.ToUpperInvariant(failure.Text[0]) + failure.Text[1..];
            return failure.Kind is DatabaseProblemKind.Unavailable or DatabaseProblemKind.Conflict && check.Subjects.Contains(Parts.Table)
                ? Finding.Fail(sentence, "Run the check again when this is fixed.")
                : Finding.Unknown(
                    sentence, failure.Kind == DatabaseProblemKind.NoAccess
                        ? "Set a connection string with read access, with --db or ConnectionStrings__timescale."
                        : "Run the check again when this is fixed.");
        }
        catch (EventStreamException problem)
        {
            var cure = $"Is the event hub at {system.Stream.BootstrapServers} running? Name another with ConnectionStrings__eventhubs.";
            return check.Subjects.Contains(Parts.EventHub) ? Finding.Fail(problem.Message, cure) : Finding.Unknown(problem.Message, cure);
        }
    }
}
