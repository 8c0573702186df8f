using CloudTicks.Messaging.Nats;
using CloudTicks.Messaging.Tests.Nats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Messaging.Tests;

public sealed class MessagingWiringTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registered_clients_connect_and_report_their_health()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        using var host = Build(server.Url);
        await host.StartAsync(Cancellation);
        var publisher = host.Services.GetRequiredService<NatsPublisher>();
        var subscriber = host.Services.GetRequiredService<NatsSubscriber>();
        while (await CheckAsync(host) != HealthStatus.Healthy)
        {
            // With the default times, a loaded machine may lose a connection.
            await publisher.WaitUntilConnectedAsync(Cancellation);
            await subscriber.ReadyAsync(Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }

        await server.KillAsync();
        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(publisher.Generation, Cancellation));
        (await CheckAsync(host)).ShouldBe(HealthStatus.Unhealthy);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    [Theory]
    [InlineData(null, "ConnectionStrings__nats")]
    [InlineData("amqp://canary@host", "unknown scheme")]
    public async Task Invalid_connection_string_fails_the_start(string? connectionString, string sentence)
    {
        using var host = Build(connectionString);

        var exception = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));

        exception.Message.ShouldContain(sentence);
        exception.Message.ShouldNotContain("canary");
    }

    private static IHost Build(string? connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:nats", connectionString)]);
        builder.Services.AddNatsPublisher().AddNatsSubscriber();
        return builder.Build();
    }

    private static async Task<HealthStatus> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Status;
}
