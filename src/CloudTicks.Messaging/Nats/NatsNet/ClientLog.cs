using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats.NatsNet;

/// <summary>
/// Receives the log of NATS.Net about one connection, to find out why it ended. The client's events do not contain the cause, and are
/// raised later, from a queue. The log contains the exceptions, and receives a server's error before the client reads any further.
/// </summary>
/// <param name="onServerError">Receives an error from the server, on the reading thread.</param>
internal sealed class ClientLog(Action<string> onServerError) : ILoggerFactory, ILogger
{
    private string? _problem;

    /// <summary>The last cause of a failure, in a few words without a secret; null when none was logged.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    public static bool IsRefusal(Exception exception) => exception.GetBaseException() is NatsServerException { IsAuthError: true };

    public static string Describe(Exception exception) =>
        IsRefusal(exception) ? NatsClientException.Refusal : exception.GetBaseException().Message.TrimEnd('.');

    public void Clear() => Volatile.Write(ref _problem, null);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
        {
            // These exceptions are consequences of a cause that was logged before.
            if (exception.GetBaseException() is not (OperationCanceledException or ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted }))
                Volatile.Write(ref _problem, Describe(exception));
        }
        else if (state is IReadOnlyList<KeyValuePair<string, object?>> values && ErrorOf(values) is { } error)
        {
            var problem = Describe(new NatsServerException(error));
            Volatile.Write(ref _problem, problem);
            onServerError(problem);
        }
    }

    public void Dispose()
    {
    }

    private static string? ErrorOf(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var index = 0; index < values.Count; index++)
        {
            if (values[index] is { Key: "Error", Value: string error })
                return error;
        }

        return null;
    }
}
