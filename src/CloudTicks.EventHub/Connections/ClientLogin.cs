using System.Security.Authentication;
using System.Security.Cryptography;
using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Performs TLS and SASL, as configured, before any other request. The duration of a login, the size of its requests and the number of
/// pending logins are limited.
/// </summary>
internal sealed class ClientLogin(
    FrameStream frames, RequestReader requests, ClientSession session, ConnectionServices services, EventHubOptions options)
{
    private const int MinRequestBytes = 8;
    private const int MaxRequestBytes = 64 * 1024;
    private static readonly ReadOnlyMemory<byte>[] EmptyFrame = [new byte[4]];

    /// <summary>Performs the login; returns true when it succeeded, false when the connection must close.</summary>
    public async Task<bool> RunAsync(CancellationToken stopping)
    {
        var eviction = new CancellationTokenSource();
        using var timeout = new CancellationTokenSource(options.LoginTimeout, services.Time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token, eviction.Token);
        using var slot = services.PendingLogins.Enter(eviction);
        try
        {
            if (services.Security.Tls is { } tls && await frames.EncryptAsync(tls, cancellation.Token) is { Length: > 0 } name
                && Uri.CheckHostName(name) != UriHostNameType.Unknown)
            {
                session.ReachedHost = name;
            }

            while (session.Stage is not (LoginStage.Done or LoginStage.Refused))
            {
                if (!await StepAsync(cancellation.Token))
                {
                    return false;
                }
            }

            return session.Stage == LoginStage.Done;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return Fail(eviction.IsCancellationRequested ? "crowded" : "timeout", eviction.IsCancellationRequested
                ? $"{options.MaxLogins} newer connections were waiting for their login"
                : $"it did not log in within {options.LoginTimeout}");
        }
        catch (AuthenticationException e)
        {
            return Fail("tls", e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message);
        }
        catch (MalformedRequestException e)
        {
            return Fail("protocol", e.Message);
        }
    }

    /// <summary>Handles one request; false when the client has disconnected.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var isToken = session.Stage == LoginStage.AwaitingRawFrame;
        var length = await requests.ReadLengthAsync(isToken ? 1 : MinRequestBytes, MaxRequestBytes, cancellationToken);
        if (length > 0)
        {
            await (isToken ? HandleTokenAsync(length, cancellationToken) : HandleRequestAsync(length, cancellationToken));
        }

        return length > 0;
    }

    private async Task HandleRequestAsync(int length, CancellationToken cancellationToken)
    {
        var request = await requests.ReadRequestAsync(length, cancellationToken);
        try
        {
            var api = services.Apis.Find(request.Key, request.Version);
            if (api.Key is not (ApiKey.ApiVersions or ApiKey.SaslHandshake or ApiKey.SaslAuthenticate))
            {
                throw new MalformedRequestException(
                    $"it sent {api.Key} before its login (security.protocol must be SASL_PLAINTEXT or SASL_SSL)");
            }

            request.BeginBody(api);
            using var response = new Response(request);
            var startedAt = services.Metrics.Now();
            await api.HandleAsync(request, response, cancellationToken);
            await frames.SendAsync(response.BuildFrame(), [], cancellationToken);
            services.Metrics.Sent(api.Key, startedAt, response.FrameBytes);
        }
        finally
        {
            ClearAndRelease(request.Buffer);
        }
    }

    /// <summary>
    /// Handles the raw frame with the user name and password that follows SaslHandshake version 0. The response is an empty frame; on
    /// failure the connection closes.
    /// </summary>
    private async Task HandleTokenAsync(int length, CancellationToken cancellationToken)
    {
        var token = await requests.ReadFrameAsync(length, cancellationToken);
        try
        {
            var isVerified = await services.Authenticator!.VerifyAsync(token.Bytes, session.Host, cancellationToken);
            session.Stage = isVerified ? LoginStage.Done : LoginStage.Refused;
            if (isVerified)
            {
                await frames.SendAsync(EmptyFrame, [], cancellationToken);
            }
        }
        finally
        {
            ClearAndRelease(token);
        }
    }

    /// <summary>Clears the password before the array returns to a pool.</summary>
    private static void ClearAndRelease(RequestBuffer buffer)
    {
        CryptographicOperations.ZeroMemory(buffer.Bytes.Span);
        buffer.Release();
    }

    private bool Fail(string kind, string reason)
    {
        services.Metrics.LoginFailed(kind);
        services.Refusals.LoginFailed(session.Host, reason);
        return false;
    }
}
