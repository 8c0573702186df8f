using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CloudTicks.Cli.Places;
using CloudTicks.Messaging.Nats;

namespace CloudTicks.Cli.Watching;

/// <summary>
/// Finds NATS from what a person calls the server. A NATS server greets with INFO whoever connects, an HTTP server waits for a question: so one
/// look tells them apart. Where an HTTP port of CloudTicks was named, NATS of that host is taken: its ticks are live, while the functions
/// could only be asked for what is in the table, again and again.
/// </summary>
/// <param name="Settings">Where NATS is looked for.</param>
/// <param name="Note">What to tell the person; null for nothing.</param>
internal sealed record ServerAddress(NatsConnectionSettings Settings, string? Note)
{
    private const int NatsPort = 4222;
    private const string Greeting = "INFO ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Finds it.</summary>
    /// <param name="server">The option; null for the environment's.</param>
    /// <param name="time">Bounds the look.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FormatException">It is no address.</exception>
    public static async Task<ServerAddress> FindAsync(string? server, TimeProvider time, CancellationToken cancellationToken)
    {
        var isHttp = server is not null
            && (server.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || server.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        var address = isHttp ? new UriBuilder(server!).Uri.Authority : server;
        var settings = Servers.Nats(address);
        if (server is null || settings.Servers.Count > 1 || (!isHttp && server.Contains("://", StringComparison.Ordinal)))
        {
            return new ServerAddress(settings, null);
        }

        var named = new Uri(settings.Servers[0]);
        if (!isHttp && (named.Port == NatsPort || await GreetsAsync(named, time, cancellationToken) != false))
        {
            return new ServerAddress(settings, null);
        }

        var nats = string.Create(CultureInfo.InvariantCulture, $"nats://{named.Host}:{NatsPort}");
        return new ServerAddress(Servers.Nats(nats), $"{named.Authority} is no NATS server; the live ticks are those of {nats}");
    }

    /// <returns>Null where nobody listens.</returns>
    private static async Task<bool?> GreetsAsync(Uri server, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var client = new TcpClient();
        var greeting = new byte[Greeting.Length];
        try
        {
            await client.ConnectAsync(server.Host, server.Port, either.Token);
            var length = await client.GetStream().ReadAtLeastAsync(greeting, greeting.Length, throwOnEndOfStream: false, either.Token);
            return Encoding.ASCII.GetString(greeting, 0, length) == Greeting;
        }
        catch (Exception away) when (away is SocketException or IOException)
        {
            return client.Connected ? false : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return client.Connected ? false : null;
        }
    }
}
