using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CloudTicks.Cli.Hub;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks.Status;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Places;

/// <summary>
/// Finds NATS from the address of any server of the system: a NATS server greets with INFO, and our HTTP services report the NATS server
/// that they use.
/// </summary>
internal sealed class NatsSearch(TargetSystem target, TimeProvider time)
{
    private const int NatsPort = 4222;
    private const string Greeting = "INFO ";
    private static readonly TimeSpan GreetingTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <returns>The NATS server, and a note for the user; the note is null if there is nothing to report.</returns>
    /// <exception cref="FormatException">The address is invalid, or the system is ambiguous.</exception>
    public async Task<(NatsConnectionSettings Settings, string? Note)> FindAsync(string? server, CancellationToken cancellationToken)
    {
        if (server is null)
        {
            // A hub from the environment determines the system, unless the environment also names NATS.
            return Servers.Setting("nats") is null && target.Hub(null) is { Source: AddressSource.Environment } hub
                ? await FindInSystemAsync(hub, cancellationToken)
                : (NatsConnectionSettings.Parse(target.Nats().Address), null);
        }

        var isHttp = server.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || server.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        var settings = NatsConnectionSettings.Parse(isHttp ? new UriBuilder(server).Uri.Authority : server);
        if (settings.Servers.Count > 1 || (!isHttp && server.Contains("://", StringComparison.Ordinal)))
        {
            return (settings, null);
        }

        var namedServer = new Uri(settings.Servers[0]);
        if (!isHttp && (namedServer.Port == NatsPort || await GreetsAsync(namedServer, cancellationToken) != false))
        {
            return (settings, null);
        }

        var address = HubOptions.Parse(isHttp ? server : namedServer.Authority)
            ?? throw new FormatException("--server: the value must be host:port, without a key; set the key in CLOUDTICKS_HUB_KEY.");
        return await FindInSystemAsync(new Place<Uri>(address, AddressSource.Option, "--server"), cancellationToken);
    }

    private async Task<(NatsConnectionSettings Settings, string? Note)> FindInSystemAsync(
        Place<Uri> place, CancellationToken cancellationToken)
    {
        var server = place.Address;
        var nats = SystemSearch.OwnerOf(server) is { } system
            ? system.Nats ?? throw new FormatException(
                $"The AppHost of {server.Authority} was started with your own NATS servers: name them with --server or "
                    + $"ConnectionStrings__nats.")
            : await QueryAsync(place, cancellationToken);
        var settings =
            NatsConnectionSettings.Parse(nats ?? string.Create(CultureInfo.InvariantCulture, $"nats://{server.Host}:{NatsPort}"));
        var guess = nats is null ? ", which is a guess" : "";
        return (settings, $"{server.Authority} is not a NATS server; the live ticks are from {settings}{guess}");
    }

    /// <summary>
    /// Queries the functions for the addresses of NATS. Loopback host names are replaced by the functions' host. Null if unknown.
    /// </summary>
    private async Task<string?> QueryAsync(Place<Uri> place, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(ResponseTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            using var hub = new HubClient(place.Address, ServiceKey.OfEnvironment(), "server");
            var response = await hub.GetAsync("api/v1/status", linked.Token);
            var servers = (response.Read<FunctionsStatus>().Nats ?? [])
                .Select(server => new Uri(NatsConnectionSettings.Parse(server).Servers[0]))
                .Select(server =>
                    LocalRule.IsLoopbackName(server.Host) ? new UriBuilder(server) { Host = place.Address.Host }.Uri : server);
            var list = string.Join(',', servers.Select(server => $"{server.Scheme}://{server.Authority}"));
            return list.Length > 0 ? list : null;
        }
        catch (Exception failure) when (failure is HubProblemException or FormatException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<bool?> GreetsAsync(Uri server, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(GreetingTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        using var client = new TcpClient();
        var greeting = new byte[Greeting.Length];
        try
        {
            await client.ConnectAsync(server.Host, server.Port, linked.Token);
            var length = await client.GetStream().ReadAtLeastAsync(greeting, greeting.Length, throwOnEndOfStream: false, linked.Token);
            return Encoding.ASCII.GetString(greeting, 0, length) == Greeting;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return client.Connected ? false : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return client.Connected ? false : null;
        }
    }
}
