using System.Net.Http.Headers;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using ServiceDefaults.Clients;

namespace CloudTicks.Collection.DbServer;

/// <summary>Posts requests and retries each until the server saves or refuses it.</summary>
internal sealed class DbServerClient : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    private readonly Uri _server;
    private readonly DbServerOutage _outage;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<DbServerResponse> _retry;

    /// <exception cref="FormatException">The key is malformed, or would be sent unencrypted.</exception>
    public DbServerClient(Uri server, string? key, int connections, DbServerOutage outage, DbServerMetrics metrics, TimeProvider time)
    {
        (_server, _outage) = (server, outage);
        _http = ServiceClients.Create(server, "Collector__DbServer", key, connectTimeout: ConnectTimeout, connections: connections);
        _retry = new ResiliencePipelineBuilder<DbServerResponse> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<DbServerResponse>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = MaxDelay,
                ShouldHandle = new PredicateBuilder<DbServerResponse>()
                    .HandleResult(response => response.IsTransient)
                    .Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>(),
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
                OnRetry = arguments =>
                {
                    metrics.Retried();
                    outage.Failed(arguments.Outcome.Exception is { } failure ? Reason(failure) : arguments.Outcome.Result!.Reason);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(ResponseTimeout)
            .Build();
    }

    /// <summary>Posts a request until the server saves it or refuses it permanently.</summary>
    public async Task<DbServerResponse> PostAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var response = await _retry.ExecuteAsync(
            static async (state, token) => await state.Client.PostOnceAsync(state.Body, token), (Client: this, Body: body),
            cancellationToken);
        _outage.End();
        return response;
    }

    public void Dispose() => _http.Dispose();

    private static string Reason(Exception failure) => failure switch
    {
        TimeoutRejectedException => $"no response within {ResponseTimeout.TotalSeconds:0} s",
        _ => failure.InnerException?.Message ?? failure.Message,
    };

    private async Task<DbServerResponse> PostOnceAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _server)
        {
            Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await DbServerResponse.ReadAsync(response, cancellationToken);
    }
}
