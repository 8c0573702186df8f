using System.Text.Json.Nodes;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using Microsoft.Extensions.DependencyInjection;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>
/// Checks that every symbol that the collectors receive during the check is published on its NATS subject, and that the NATS nodes have
/// routes to each other.
/// </summary>
internal sealed class NatsCheck(OperatedSystem system, SelectedSymbols selection, Pace pace) : ICheck
{
    private const int MaxPending = 200_000;
    private const int MinPollsWithTicks = 3;

    public string Name => "nats";

    public string Title => "Every symbol is published on NATS";

    public IReadOnlyList<string> Subjects => [Parts.Nats];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        var nodes = new NatsNodes(system);
        if (await nodes.CheckAsync(cancellationToken) is { } disconnected)
        {
            return disconnected;
        }

        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<MessagingMetrics>()
            .AddSingleton(system.Nats with { ClientName = "cloudticks verify", MaxPendingMessages = MaxPending })
            .AddSingleton(system.Time).AddSingleton<NatsSubscriber>();
        await using var provider = services.BuildServiceProvider();
        var subscriber = provider.GetRequiredService<NatsSubscriber>();
        var seen = new SeenSubjects();
        subscriber.Subscribe(TickSubject.Everything, (subject, _) => seen.Add(subject));
        await ReadyAsync(subscriber, cancellationToken);
        return await ListenAsync(subscriber, seen, nodes.Count, cancellationToken);
    }

    private async Task<Finding> ListenAsync(
        NatsSubscriber subscriber, SeenSubjects seen, int nodes, CancellationToken cancellationToken)
    {
        var before = await ReadReceivedAsync(cancellationToken);
        var ticked = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] missing = [];
        await pace.UntilAsync(
            async () =>
            {
                foreach (var (symbol, count) in await ReadReceivedAsync(cancellationToken))
                {
                    if (count > before.GetValueOrDefault(symbol))
                    {
                        ticked[symbol] = ticked.GetValueOrDefault(symbol) + 1;
                    }
                }

                missing = Missing();
                // Continue until a symbol has ticked in three polls: meanwhile quieter symbols tick as well.
                return missing.Length == 0 && ticked.Values.Any(polls => polls >= MinPollsWithTicks);
            },
            cancellationToken);
        // The last ticks may still be in flight. If all symbols are quiet, one tick is enough.
        var isComplete = await pace.Extension.UntilAsync(() => Task.FromResult((missing = Missing()).Length == 0), cancellationToken)
            && ticked.Count > 0;
        var facts =
            new JsonObject
            {
                ["symbols_that_ticked"] = ticked.Count,
                ["symbols_seen"] = ticked.Count - missing.Length,
                ["messages"] = seen.Count,
            };
        if (isComplete)
        {
            return Finding.Pass(
                Invariant($"{ticked.Count} of {ticked.Count} symbols that ticked during the check were seen, in {seen.Count:N0} messages.")
                    + (nodes > 1 ? Invariant($" {nodes} nodes have routes to each other.") : ""),
                facts);
        }

        if (ticked.Count == 0)
        {
            return await selection.QuietReasonAsync(cancellationToken) is { } closed ? Finding.Pass(closed, facts)
                : Finding.Unknown(
                    "The collectors received no tick meanwhile, so none could be published.", "See the checks connection and symbols.",
                    facts);
        }

        if (!subscriber.IsConnected)
        {
            return Finding.Fail(
                $"The connection to NATS at {system.Nats} was lost during the check{ProblemSuffix(subscriber)}.",
                "Start NATS; PublishTicks reconnects, and continues from the archive.", facts);
        }

        facts["missing"] = new JsonArray([.. missing.Select(symbol => (JsonNode)symbol)]);
        return Finding.Fail(
            Invariant(
                $"{missing.Length} of {ticked.Count} symbols that ticked were not received for {pace.MaxWait.TotalSeconds:0} s: ")
                + $"{Format.List(missing)}.",
            "Look at /health of the functions (PublishTicks, NATS), and check whether they publish to this server.",
            facts);

        string[] Missing() => [.. ticked.Keys.Where(symbol => !seen.Has(symbol)).Order(StringComparer.Ordinal)];
    }

    private async Task ReadyAsync(NatsSubscriber subscriber, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(pace.MaxWait, system.Time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await subscriber.ReadyAsync(cancellation.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NoResponseException(
                Parts.Nats, isUnreachable: true, $"NATS at {system.Nats} does not answer{ProblemSuffix(subscriber)}.",
                "Is it running, and is this its address? If not, name another with --nats or ConnectionStrings__nats.");
        }
    }

    private static string ProblemSuffix(NatsSubscriber subscriber) => subscriber.Problem is { } problem ? $" ({problem.TrimEnd('.')})" : "";

    private async Task<Dictionary<string, long>> ReadReceivedAsync(CancellationToken cancellationToken)
    {
        var responses = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<CollectorStatus>("api/v1/status", cancellationToken)));
        return responses.SelectMany(response => response.Symbols).GroupBy(symbol => symbol.Key)
            .ToDictionary(group => group.Key, group => group.Sum(symbol => symbol.Value.Received));
    }
}
