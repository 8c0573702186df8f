using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats.NatsNet;

/// <summary>A NATS.Net client with the settings that publishers and subscribers share.</summary>
internal sealed class Client : IDisposable
{
    private readonly NatsConnectionSettings _settings;
    private string _server = "";

    /// <param name="onServerError">Receives an error from the server, on the reading thread.</param>
    public Client(NatsConnectionSettings settings, Action<string> onServerError)
    {
        _settings = settings;
        Log = new ClientLog(onServerError);
        Connection = new NatsConnection(new NatsOpts
        {
            Url = settings.ToString(),
            Name = settings.ClientName,
            AuthOpts = new NatsAuthOpts { Username = settings.UserName, Password = settings.Password, Token = settings.Token },
            TlsOpts = new NatsTlsOpts
            {
                Mode = settings.Secure ? TlsMode.Require : TlsMode.Auto,
                ConfigureClientAuthentication = tls => Verify(tls, settings),
            },
            LoggerFactory = Log,
            ConnectTimeout = settings.ConnectTimeout,
            DrainPingTimeout = settings.DrainTime,
            CommandTimeout = 3 * settings.PingInterval,
            // The client's own pings close a connection under load, because their responses are queued after the data. CheckAlive replaces
            // them.
            PingInterval = TimeSpan.Zero,
            ReconnectWaitMin = settings.ReconnectWait,
            ReconnectWaitMax = settings.RefusedWait,
            ReconnectJitter = settings.ReconnectWait / 2,
            // Without this setting, the second refusal of the same credentials ends the client, so it never uses a rotated password.
            IgnoreAuthErrorAbort = true,
            // This client sends no requests. In Direct mode each connection would subscribe to responses.
            RequestReplyMode = NatsRequestReplyMode.SharedInbox,
        });
        Connection.OnConnectingAsync = target =>
        {
            Volatile.Write(ref _server, $"{(settings.Secure ? "tls" : "nats")}://{target.Host}:{target.Port}");
            return ValueTask.FromResult(target);
        };
    }

    public NatsConnection Connection { get; }

    public ClientLog Log { get; }

    /// <summary>The address of the connected server, or of the last attempt.</summary>
    public string Server => Volatile.Read(ref _server);

    public bool IsOpen => Connection.ConnectionState == NatsConnectionState.Open;

    /// <summary>Connects to one of the servers; blocks the thread of the <see cref="ConnectionLoop"/>.</summary>
    /// <exception cref="NatsClientException">No server could be reached, or one refused.</exception>
    public void Open()
    {
        try
        {
            Connection.ConnectAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            var isRefusal = ClientLog.IsRefusal(exception);
            var problem = isRefusal ? NatsClientException.Refusal : Log.Problem ?? ClientLog.Describe(exception);
            throw new NatsClientException(
                $"NATS' client library could not connect to {_settings}: {problem}.", problem, isRefusal, exception);
        }
    }

    private static ValueTask Verify(SslClientAuthenticationOptions tls, NatsConnectionSettings settings)
    {
        tls.TargetHost = settings.ServerName ?? tls.TargetHost;
        if (settings.Authority is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPem(settings.Authority);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the connection; blocks the thread of the <see cref="ConnectionLoop"/>.</summary>
    public void Dispose()
    {
        try
        {
            Connection.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is NatsException or TimeoutException or OperationCanceledException)
        {
            // NATS.Net's write loop did not end in time. The socket is closed, and this client is not used again.
        }
    }
}
