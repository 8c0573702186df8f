using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Confluent.Kafka;

namespace CloudTicks.EventStream.Tests;

public sealed class IdentityLoginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_that_consumes_gets_a_younger_token_before_the_old_one_ends()
    {
        using var source = new TokenSource();
        using var consumer = Consumer(source);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var consuming = Task.Run(() => Consume(consumer, stop.Token), Cancellation);

        for (var token = 0; token < 3; token++)
        {
            await source.Asked.WaitAsync(Cancellation);
        }

        await stop.CancelAsync();
        await consuming;
        source.Scopes.ShouldAllBe(scope => scope == "https://localhost/.default");
    }

    [Fact]
    public async Task Token_that_is_not_to_be_had_is_asked_for_again_and_ends_nothing()
    {
        using var source = new TokenSource();
        var problems = new ConcurrentQueue<string>();
        using var consumer = Consumer(source, problems);
        source.Fault = new AuthenticationFailedException("no identity here");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var consuming = Task.Run(() => Consume(consumer, stop.Token), Cancellation);

        await source.Asked.WaitAsync(Cancellation); // the first
        await source.Asked.WaitAsync(Cancellation); // refused
        source.Fault = null;
        await source.Asked.WaitAsync(Cancellation); // the client's own second attempt

        await stop.CancelAsync();
        await consuming;
        problems.ShouldContain(problem => problem.Contains("no identity here", StringComparison.Ordinal));
        problems.ShouldNotContain(problem => problem.Contains(TokenSource.Canary, StringComparison.Ordinal));
    }

    [Fact]
    public void Client_without_any_identity_is_not_made_and_the_sentence_says_what_to_assign()
    {
        using var source = new TokenSource { Fault = new CredentialUnavailableException("nothing here") };

        var refused = Should.Throw<EventStreamException>(() => Consumer(source));

        refused.Message.ShouldContain("localhost");
        refused.Message.ShouldContain("Azure Event Hubs Data");
        refused.Message.ShouldContain("nothing here");
    }

    private static void Consume(IConsumer<Ignore, byte[]> consumer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // It serves the client's questions; nothing ever comes.
            consumer.Consume(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>There need be no broker: the client asks for tokens by itself.</summary>
    private static IConsumer<Ignore, byte[]> Consumer(TokenSource source, ConcurrentQueue<string>? problems = null) =>
        new ConsumerBuilder<Ignore, byte[]>(EventStreamConnection.Parse("Endpoint=https://localhost/").ConsumerConfig("tokens"))
            .SetErrorHandler((_, error) => problems?.Enqueue(error.Reason))
            .SetLogHandler((_, line) => problems?.Enqueue(line.Message))
            .BuildFor(new IdentityLogin("localhost", () => source));

    /// <summary>Tokens that live for two seconds.</summary>
    private sealed class TokenSource : TokenCredential, IDisposable
    {
        public const string Canary = "token-canary";

        public SemaphoreSlim Asked { get; } = new(0);

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
                Asked.Release();
            }
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));

        public void Dispose() => Asked.Dispose();
    }
}
