using System.Security.Authentication;
using System.Security.Cryptography;
using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>TLS and SASL, as configured, before a client may do anything; time, bytes, connections and answers are bounded.</summary>
internal sealed class ClientLogin(
    FrameStream frames, RequestReader requests, ClientSession session, ConnectionServices services, EventHubOptions options)
{
    private const int SmallestRequest = 8;
    private const int LargestRequest = 64 * 1024;
    private static readonly ReadOnlyMemory<byte>[] EmptyFrame = [new byte[4]];

    /// <summary>True when the client may go on; false when its connection is to be closed.</summary>
    /// <exception cref="MalformedRequestException">It sent something else.</exception>
    public async Task<bool> RunAsync(CancellationToken stopping)
    {
        var crowdedOut = new CancellationTokenSource();
        using var late = new CancellationTokenSource(options.LoginTimeout, services.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token, crowdedOut.Token);
        using var place = services.PendingLogins.Enter(crowdedOut);
        try
        {
            if (services.Security.Tls is { } tls && await frames.EncryptAsync(tls, any.Token) is { Length: > 0 } name
                && Uri.CheckHostName(name) != UriHostNameType.Unknown)
            {
                session.ReachedHost = name;
            }

            while (session.Stage is not (LoginStage.Done or LoginStage.Refused))
            {
                if (!await StepAsync(any.Token))
                {
                    return false;
                }
            }

            return session.Stage == LoginStage.Done;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return Fail(crowdedOut.IsCancellationRequested ? "crowded" : "timeout", crowdedOut.IsCancellationRequested
                ? $"{options.MaxLogins} others came after it, and it had not logged in"
                : $"it did not within {options.LoginTimeout}");
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

    /// <summary>One request and its answer; false when the client has gone.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var isToken = session.Stage == LoginStage.AwaitingToken;
        var length = await requests.ReadLengthAsync(isToken ? 1 : SmallestRequest, LargestRequest, cancellationToken);
        if (length > 0)
        {
            await (isToken ? TakeTokenAsync(length, cancellationToken) : AnswerAsync(length, cancellationToken));
        }

        return length > 0;
    }

    private async Task AnswerAsync(int length, CancellationToken cancellationToken)
    {
        var request = await requests.ReadRequestAsync(length, cancellationToken);
        try
        {
            var api = services.Apis.Find(request.Key, request.Version);
            if (api.Key is not (ApiKey.ApiVersions or ApiKey.SaslHandshake or ApiKey.SaslAuthenticate))
            {
                throw new MalformedRequestException(
                    $"it asked for {api.Key} before it had logged in (security.protocol must be SASL_PLAINTEXT or SASL_SSL)");
            }

            request.BeginBody(api);
            using var response = new Response(request);
            var began = services.Metrics.Now();
            await api.HandleAsync(request, response, cancellationToken);
            await frames.SendAsync(response.Frame(), [], cancellationToken);
            services.Metrics.Sent(api.Key, began, response.FrameBytes);
        }
        finally
        {
            Forget(request.Buffer);
        }
    }

    /// <summary>After SaslHandshake version 0: a frame that is the token, answered with an empty one, or by closing.</summary>
    private async Task TakeTokenAsync(int length, CancellationToken cancellationToken)
    {
        var token = await requests.ReadFrameAsync(length, cancellationToken);
        try
        {
            var verified = await services.Authenticator!.VerifyAsync(token.Bytes, session.Host, cancellationToken);
            session.Stage = verified ? LoginStage.Done : LoginStage.Refused;
            if (verified)
            {
                await frames.SendAsync(EmptyFrame, [], cancellationToken);
            }
        }
        finally
        {
            Forget(token);
        }
    }

    /// <summary>The array goes back to a pool, and the password does not go with it.</summary>
    private static void Forget(RequestBuffer buffer)
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
