using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Replaying.Targets;

/// <summary>
/// Publishes one NATS message per tick, with source <c>replay</c>, and waits until the server confirms that it received them.
/// </summary>
internal sealed class NatsTarget(NatsConnectionSettings settings, string prefix, TimeProvider time, TextWriter errors) : IReplayTarget
{
    private const int MaxBatch = 2_000;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(time)
        .AddSingleton(settings with { ClientName = "cloudticks replay" }).AddSingleton<MessagingMetrics>().AddSingleton<NatsPublisher>()
        .BuildServiceProvider();

    private readonly MessageBatch _messages = new();
    private readonly TickSubjectCache _subjects = new(prefix);
    private NatsPublisher? _publisher;
    private long _confirmed;

    public string Name => $"{prefix}.{{symbol}} on NATS at {settings}";

    public bool IsFull => _messages.Count >= MaxBatch;

    public bool AcceptsGaps => false;

    public string? Fault => null;

    public IEnumerable<(string Name, long Number)> Results => [("published", _confirmed)];

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        _publisher = _services.GetRequiredService<NatsPublisher>();
        return RequireConnectionAsync(ConnectTimeout, "Nothing was published.", cancellationToken);
    }

    public ValueTask AddGapAsync(FeedGap gap, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Add(scoped in Tick tick, TickSource source, ulong identity, int partition)
    {
        var json = _messages.Begin(_subjects.Of(tick.Symbol), TickJson.MaxBytes);
        _messages.End(TickJson.Write(tick, TickSource.Replay, identity, json));
    }

    public async Task DeliverAsync(string? feed, bool all, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (_messages.Count > 0)
        {
            try
            {
                await RequireConnectionAsync(MaxWait, $"Published so far: {Counted.Of(_confirmed, "tick")}.", cancellationToken);
                var generation = _publisher!.Generation;
                await _publisher.PublishAsync(_messages);
                await _publisher.ConfirmAsync(generation, cancellationToken);
                _confirmed += _messages.Count;
                _messages.Clear();
            }
            catch (MessagingException problem)
            {
                if (time.GetElapsedTime(started) > MaxWait)
                {
                    throw new ReplayException(problem.Message, problem);
                }

                errors.WriteLine($"{problem.Message} {Counted.Of(_messages.Count, "tick")} will be published again.");
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task RequireConnectionAsync(TimeSpan timeout, string state, CancellationToken cancellationToken)
    {
        try
        {
            await _publisher!.WaitUntilConnectedAsync(cancellationToken).WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ReplayException(
                $"NATS at {settings} does not answer: {_publisher!.Problem}. {state} Run the replay again when it answers.");
        }
    }
}
