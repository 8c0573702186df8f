using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// One client connection. Requests are handled one at a time and answered in order. Only produce requests overlap, because each is queued
/// in the log before the next request is read. While a request waits (a long poll, a join), the length of the next request is already read,
/// so that a disconnect is detected.
/// </summary>
internal sealed class KafkaConnection : IAsyncDisposable
{
    private const int MinRequestBytes = 8;
    private const int MaxInFlight = 16;

    /// <summary>
    /// The number of requests other than produce that a client may send without waiting for responses; then the connection pauses for other
    /// clients.
    /// </summary>
    private const int MaxConsecutiveRequests = 8;

    /// <summary>Rate limit for refused large requests, which cost as much as accepted requests.</summary>
    private const double RefusedBytesPerSecond = 8 * 1024 * 1024;

    private static readonly TimeSpan FloodPause = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// The time for which a connection stays open after its token has expired, so that pending responses are still sent. Further requests
    /// are refused.
    /// </summary>
    private static readonly TimeSpan ExpiryGrace = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _slots = new(MaxInFlight, MaxInFlight);
    private readonly Socket _socket;
    private readonly ConnectionServices _services;
    private readonly EventHubOptions _options;
    private readonly ILogger _logger;
    private readonly ClientMemory _memory;
    private readonly ClientSession _session;
    private readonly FrameStream _frames;
    private readonly RequestReader _requests;
    private readonly ResponseSender _responses;
    private ITimer? _loginExpiry;
    private Response? _newest;
    private long _refusedBytes;

    public KafkaConnection(Socket socket, ConnectionServices services, EventHubOptions options, ILogger logger)
    {
        (_socket, _services, _options, _logger) = (socket, services, options, logger);
        _memory = new ClientMemory(services.Memory, AddressOf(socket));
        var stage = services.Authenticator is null ? LoginStage.Done : LoginStage.NotStarted;
        _session = new ClientSession(NameOf(socket), stage, _memory, services.Time);
        _frames = new FrameStream(socket, options.StallTimeout, services.Time);
        _requests = new RequestReader(_frames, services, _session, options);
        _responses = new ResponseSender(_frames, _memory, services.Heavy);
        _memory.Requests.TryReclaim = TryReclaimRequest;
        _memory.Fetches.TryReclaim = _memory.Responses.TryReclaim = TryReclaimResponse;
    }

    /// <summary>Serves the client until the connection ends or the event hub stops. Does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var connectionEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _services.Metrics.Opened();
        _session.LoginExtended += lifetime => CloseAfter(lifetime + ExpiryGrace, connectionEnd);
        try
        {
            _socket.NoDelay = true;
            _session.ReachedHost = ReachedAddress();
            if ((_services.Security.Tls is null && _session.Stage == LoginStage.Done)
                || await new ClientLogin(_frames, _requests, _session, _services, _options).RunAsync(connectionEnd.Token))
            {
                await ServeAsync(connectionEnd);
            }
        }
        catch (SlowClientException e)
        {
            _services.Refusals.TooSlow(_memory.Address, _session.Host, e.Message);
        }
        catch (MalformedRequestException e)
        {
            _services.Refusals.Refused(_session.Host, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or ClientDisconnectedException or SocketException
            or ObjectDisposedException or LogUnavailableException)
        {
            // The client disconnected, its token expired, the event hub is stopping, or its disk failed.
        }
        catch (Exception e)
        {
            _logger.ConnectionFailed(_session.Host, e);
        }
        finally
        {
            await connectionEnd.CancelAsync();
            await (_loginExpiry?.DisposeAsync() ?? ValueTask.CompletedTask);
            _services.Metrics.Closed();
        }
    }

    /// <summary>The client's address and port; a placeholder when the client has disconnected.</summary>
    public static string NameOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
                ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port).ToString()
                : socket.RemoteEndPoint?.ToString() ?? "";
        }
        catch (SocketException)
        {
            return "a disconnected client";
        }
    }

    public async ValueTask DisposeAsync()
    {
        _responses.Dispose();
        await _frames.DisposeAsync();
        _socket.Dispose();
        _memory.Dispose();
        _slots.Dispose();
    }

    private void CloseAfter(TimeSpan time, CancellationTokenSource connectionEnd)
    {
        _loginExpiry ??= _services.Time.CreateTimer(
            _ =>
            {
                _services.Refusals.Refused(_session.Host, "its token expired and it did not log in again");
                connectionEnd.Cancel();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loginExpiry.Change(time, Timeout.InfiniteTimeSpan);
    }

    private string ReachedAddress()
    {
        var address = ((IPEndPoint)_socket.LocalEndPoint!).Address;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private async Task ServeAsync(CancellationTokenSource connectionEnd)
    {
        var lastResponse = Task.CompletedTask;
        var consecutiveRequests = 0;
        var isProducing = false;
        try
        {
            var nextLength = ReadLengthAsync(connectionEnd);
            while (true)
            {
                // At this point every request except produce has been answered. If the next request has already arrived, the client sent it
                // without waiting for a response.
                consecutiveRequests = nextLength.IsCompleted && !isProducing ? consecutiveRequests + 1 : 0;
                if (await nextLength is not (> 0 and var length))
                {
                    break;
                }

                if (consecutiveRequests == MaxConsecutiveRequests)
                {
                    consecutiveRequests = 0;
                    await Task.Delay(FloodPause, _services.Time, connectionEnd.Token);
                }

                if (Interlocked.Exchange(ref _refusedBytes, 0) is > HeavyWork.ThresholdBytes and var refused)
                {
                    await Task.Delay(TimeSpan.FromSeconds(refused / RefusedBytesPerSecond), _services.Time, connectionEnd.Token);
                }

                var request = await _requests.ReadRequestAsync(length, connectionEnd.Token);
                var queuedBytes = 0;
                Api api;
                try
                {
                    api = _services.Apis.Find(request.Key, request.Version);
                    if (!_session.MayRequest(api.Key))
                    {
                        throw new MalformedRequestException("its token expired or was refused, and it did not log in again");
                    }

                    request.BeginBody(api);
                    nextLength = ReadLengthAsync(connectionEnd);
                    isProducing = api.Pipelined;
                    await (api.Pipelined ? Task.CompletedTask : lastResponse);
                    await _slots.WaitAsync(connectionEnd.Token);
                    if (api.Pipelined && length > HeavyWork.ThresholdBytes)
                    {
                        await _services.LargeRequests.TakeAsync(length, connectionEnd.Token);
                        queuedBytes = length;
                    }
                }
                catch
                {
                    request.Release();
                    throw;
                }

                lastResponse = queuedBytes == 0
                    ? RespondAsync(api, request, queuedBytes, lastResponse, connectionEnd)
                    : await StartHeavyAsync(api, request, queuedBytes, lastResponse, connectionEnd);
                await (api.Pipelined ? Task.CompletedTask : lastResponse);
                if (_session.Stage == LoginStage.Refused)
                {
                    break;
                }
            }
        }
        finally
        {
            await connectionEnd.CancelAsync();
            await lastResponse;
        }
    }

    /// <returns>A task that completes when the batches are queued in the log. Its result completes when the response is sent.</returns>
    private Task<Task> StartHeavyAsync(Api api, Request request, int queuedBytes, Task previous, CancellationTokenSource connectionEnd) =>
        _services.Heavy.StartAsync(() => RespondAsync(api, request, queuedBytes, previous, connectionEnd));

    /// <summary>Handles a request at once, and sends its response after the previous response. A failure ends the connection.</summary>
    private async Task RespondAsync(Api api, Request request, int queuedBytes, Task previous, CancellationTokenSource connectionEnd)
    {
        var response = new Response(request);
        var isHandedOver = false;
        var startedAt = _services.Metrics.Now();
        try
        {
            _newest?.Next = response;
            _newest = response;
            try
            {
                await api.HandleAsync(request, response, connectionEnd.Token);
                Interlocked.Add(ref _refusedBytes, response.RefusedBytes);
            }
            finally
            {
                request.Release();
                if (queuedBytes > 0)
                {
                    _services.LargeRequests.Release(queuedBytes);
                }

                await previous;
            }

            if (!response.Silent)
            {
                isHandedOver = true;
                var sentBytes = await _responses.SendAsync(response, connectionEnd.Token);
                _memory.Fetches.BytesRead += sentBytes;
                _services.Metrics.Sent(api.Key, startedAt, sentBytes);
            }
        }
        catch
        {
            await connectionEnd.CancelAsync();
            throw;
        }
        finally
        {
            if (!isHandedOver)
            {
                response.Dispose();
            }

            _slots.Release();
        }
    }

    /// <summary>
    /// Aborts an incomplete request, because other clients need its memory. Returns false, without aborting the request, when bytes have
    /// arrived that the event hub has not read yet: the client did not cause the delay.
    /// </summary>
    private bool TryReclaimRequest(TimeSpan idle)
    {
        try
        {
            if (_frames.Arrived > 0)
            {
                return false;
            }
        }
        catch (Exception e) when (e is ClientDisconnectedException or SlowClientException)
        {
            return true;
        }

        _frames.Abort($"it sent no byte of its request for {idle:c} while other clients needed its memory");
        return true;
    }

    private bool TryReclaimResponse(TimeSpan idle)
    {
        _frames.Abort($"it read no byte of its response for {idle:c} while other clients needed its memory");
        return true;
    }

    private static string AddressOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint client ? ClientMemory.AddressOf(client.Address) : "";
        }
        catch (SocketException)
        {
            return "";
        }
    }

    /// <summary>
    /// Reads the length of the next request; returns 0 when the client has disconnected. A disconnect or an invalid length also cancels the
    /// client's waiting requests.
    /// </summary>
    private async Task<int> ReadLengthAsync(CancellationTokenSource connectionEnd)
    {
        try
        {
            if (await _requests.ReadLengthAsync(MinRequestBytes, _options.MaxRequestBytes, connectionEnd.Token) is > 0 and var length)
            {
                return length;
            }

            await connectionEnd.CancelAsync();
            return 0;
        }
        catch (MalformedRequestException)
        {
            await connectionEnd.CancelAsync();
            throw;
        }
    }
}
