using System.Text;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Cli.Tests.Tailing;

/// <summary>Publishes ticks on NATS repeatedly, because a test cannot see when a program has subscribed.</summary>
internal sealed class Feed : IAsyncDisposable
{
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(20);

    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken);

    public Feed(NatsFixture nats) => _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
        .AddSingleton<MessagingMetrics>().AddSingleton(NatsConnectionSettings.Parse(nats.Url)).AddSingleton<NatsPublisher>()
        .BuildServiceProvider();

    public async Task RepeatAsync(params (string Subject, string Payload)[] messages)
    {
        var publisher = _services.GetRequiredService<NatsPublisher>();
        await publisher.WaitUntilConnectedAsync(_ended.Token);
        using var timer = new PeriodicTimer(PublishInterval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                foreach (var (subject, payload) in messages)
                {
                    await publisher.PublishAsync(Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(payload));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    public async Task EndAsync(Task repeating)
    {
        await _ended.CancelAsync();
        await repeating;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _services.DisposeAsync();
        _ended.Dispose();
    }
}
