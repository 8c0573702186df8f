using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Confluent.Kafka;

namespace CloudTicks.EventStream.Tests;

public sealed class IdentityLoginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consuming_client_renews_its_token_before_it_expires()
    {
        using var source = new TokenSource();
        using var consumer = Consumer(source);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var consuming = Task.Run(() => Consume(consumer, stop.Token), Cancellation);

        for (var token = 0; token < 3; token++)
        {
            await source.Requested.WaitAsync(Cancellation);
        }

        await stop.CancelAsync();
        await consuming;
        source.Scopes.ShouldAllBe(scope => scope == "https://localhost/.default");
    }

    [Fact]
    public async Task Failed_token_request_is_retried()
    {
        using var source = new TokenSource();
        var problems = new ConcurrentQueue<string>();
        using var consumer = Consumer(source, problems);
        source.Fault = new AuthenticationFailedException("no identity here");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var consuming = Task.Run(() => Consume(consumer, stop.Token), Cancellation);

        await source.Requested.WaitAsync(Cancellation); // the first request
        await source.Requested.WaitAsync(Cancellation); // the failed request
        source.Fault = null;
        await source.Requested.WaitAsync(Cancellation); // the client's retry

        await stop.CancelAsync();
        await consuming;
        problems.ShouldContain(problem => problem.Contains("no identity here", StringComparison.Ordinal));
        problems.ShouldNotContain(problem => problem.Contains(TokenSource.Canary, StringComparison.Ordinal));
    }

    [Fact]
    public void Client_without_identity_fails_and_names_the_roles()
    {
        using var source = new TokenSource { Fault = new CredentialUnavailableException("nothing here") };

        var exception = Should.Throw<EventStreamException>(() => Consumer(source));

        exception.Message.ShouldContain("localhost");
        exception.Message.ShouldContain("Azure Event Hubs Data");
        exception.Message.ShouldContain("nothing here");
    }

    private static void Consume(IConsumer<Ignore, byte[]> consumer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // Consume serves token requests; no record arrives.
            consumer.Consume(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Creates a consumer. It needs no broker, because it requests tokens without a connection.</summary>
    private static IConsumer<Ignore, byte[]> Consumer(TokenSource source, ConcurrentQueue<string>? problems = null) =>
        new ConsumerBuilder<Ignore, byte[]>(EventStreamConnection.Parse("Endpoint=https://localhost/").ConsumerConfig("tokens"))
            .SetErrorHandler((_, error) => problems?.Enqueue(error.Reason))
            .SetLogHandler((_, line) => problems?.Enqueue(line.Message))
            .BuildFor(new IdentityLogin("localhost", () => source));

    /// <summary>Issues tokens with a lifetime of two seconds.</summary>
    private sealed class TokenSource : TokenCredential, IDisposable
    {
        public const string Canary = "token-canary";

        public SemaphoreSlim Requested { get; } = new(0);

        public ConcurrentQueue<string> Scopes { get; } = new();

        public Exception? Fault { get; set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.Enqueue(string.Join(' ', requestContext.Scopes));
            try
            {
                return Fault is null ? new AccessToken($"{Canary}-{Scopes.Count}", TimeProvider.System.GetUtcNow().AddSeconds(2))
                    : throw Fault;
            }
            finally
            {
                Requested.Release();
            }
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));

        public void Dispose() => Requested.Dispose();
    }
}
