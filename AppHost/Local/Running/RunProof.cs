using CloudTicks.AppHost.Local.Lines;
using CloudTicks.EventStream;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using CloudTicks.Verification;
using Npgsql;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Proves that every tick of a run that has ended is stored and published.</summary>
internal sealed class RunProof(LocalEnvironment environment, string database, FeedRun run, bool isSimulated)
{
    private const int MaxProofAttempts = 30;

    private static readonly TimeSpan ConsumerTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProofPause = TimeSpan.FromSeconds(2);

    /// <summary>Compares the feed with archive, table and NATS. Retries while a server that was killed a moment ago recovers.</summary>
    public async Task<RunReport> VerifyAsync(RunObservation observation, CancellationToken cancellationToken)
    {
        await using var source = RoleSource.Create(database, DatabaseRole.Reader);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await observation.VerifyAsync(
                    new TickQueries(source), run.Sent, run.Received, run.Seconds, Circumstances(), ConsumerTimeout,
                    cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or EventStreamException && attempt < MaxProofAttempts)
            {
                environment.Lines.Write(
                    "proof", LineLevel.Warning, $"the proof could not query a server, and retries: {exception.Message}");
                await Task.Delay(ProofPause, environment.Time, cancellationToken);
            }
        }
    }

    private RunCircumstances Circumstances()
    {
        var parts = environment.Parts.Parts;
        return new RunCircumstances
        {
            Restarts = parts.Where(part => part.Restarts > 0).ToDictionary(part => part.Name, part => part.Restarts),
            Gaps = run.Gaps,
            NatsRestartedMs = parts.Where(part => part.Name.StartsWith("nats-", StringComparison.Ordinal))
                .Max(part => part.RestartedAt)?.ToUnixTimeMilliseconds(),
            Problems = isSimulated && run.Sent is null
                ? ["The simulator restarted and lost its record of what it sent before: the run proves that archive, "
                    + "table and NATS agree, not that every tick arrived."]
                : [],
        };
    }
}
