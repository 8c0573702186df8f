using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CloudTicks.Messaging.Redis;

/// <summary>Publishes to Redis, each message at most once, and reconnects in the background. One caller at a time.</summary>
public sealed class RedisPublisher(RedisConnectionSettings settings, TimeProvider time, ILogger<RedisPublisher> logger) : IAsyncDisposable
{
    private readonly Dictionary<string, RedisChannel> _channels = new(StringComparer.Ordinal);
    private ConnectionMultiplexer? _connection;
    private Task<long>? _unanswered;
    private volatile string _problem = "it does not answer";

    /// <summary>The server, without credentials.</summary>
    public string Server => settings.ToString();

    /// <summary>The reason for the last failure, without a secret.</summary>
    public string Problem => _problem;

    /// <summary>Publishes the messages of a batch, each to the channel of its subject, and waits for the response to the
    /// last one.</summary>
    /// <returns>False when the server is unreachable, is too slow, or refuses the last message: any of the messages may be lost.</returns>
    public async Task<bool> PublishAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return true;
        }

        try
        {
            var connection = _connection ??= await ConnectAsync(cancellationToken);
            // A stalled server gets no further messages before it has responded, so that the client's buffers do not grow.
            if (!connection.IsConnected || _unanswered is { IsCompleted: false })
            {
                return false;
            }

            _unanswered = Send(connection.GetSubscriber(), batch);
            await _unanswered.WaitAsync(settings.Timeout, time, cancellationToken);
            return true;
        }
        catch (Exception problem) when (problem is RedisException or TimeoutException)
        {
            _problem = problem is RedisServerException ? problem.Message : problem is TimeoutException
                ? "it does not answer in time"
                : _problem;
            return false;
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.CloseAsync(allowCommandsToComplete: false);
            connection.Dispose();
        }
    }

    /// <returns>The response to the last message. The server responds in order, so it has then responded to all messages.</returns>
    private Task<long> Send(ISubscriber subscriber, MessageBatch batch)
    {
        for (var index = 0; index < batch.Count - 1; index++)
        {
            _ = subscriber.PublishAsync(ChannelOf(batch, index), batch.Payload(index).ToArray(), CommandFlags.FireAndForget);
        }

        return subscriber.PublishAsync(ChannelOf(batch, batch.Count - 1), batch.Payload(batch.Count - 1).ToArray());
    }

    private RedisChannel ChannelOf(MessageBatch batch, int index)
    {
        var name = System.Text.Encoding.UTF8.GetString(batch.Subject(index));
        if (!_channels.TryGetValue(name, out var channel))
        {
            channel = new RedisChannel(System.Text.Encoding.UTF8.GetBytes(name), RedisChannel.PatternMode.Literal);
            _channels.Add(name, channel);
        }

        return channel;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(settings.ToOptions()).WaitAsync(cancellationToken);
        connection.ConnectionFailed += (_, failure) => _problem = $"{failure.FailureType}";
        connection.ConnectionRestored += (_, _) => Log.RedisConnected(logger, Server);
        if (connection.IsConnected)
        {
            Log.RedisConnected(logger, Server);
        }

        return connection;
    }
}
