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
/// One client. Requests are handled one after another and answered in order; only produce requests overlap, because each is in its
/// place in the log before the next one is read. While a request waits (a long poll, a join), the length of the next one is
/// already being read, so that a client that goes away is noticed.
/// </summary>
internal sealed class KafkaConnection : IAsyncDisposable
{
    private const int SmallestRequest = 8;
    private const int MaxInFlight = 16;

    /// <summary>A client that pipelines other requests than those to produce leaves the processor to others after so many.</summary>
    private const int RequestsOfATurn = 8;

    /// <summary>A client whose large requests are refused sends no more of them in a second: they cost the hub as much as others.</summary>
    private const double RefusedBytesPerSecond = 8 * 1024 * 1024;

    private static readonly TimeSpan FloodPause = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// Requests are refused as soon as a token has ended, which loses no answer; a connection without any is closed by this time after it.
    /// </summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _slots = new(MaxInFlight, MaxInFlight);
    private readonly Socket _socket;
    private readonly ConnectionServices _services;
    private readonly EventHubOptions _options;
    private readonly ILogger _logger;
    private readonly ClientMemory _memory;
    private readonly ClientSession _session;
    private readonly FrameStream _frames;
    private readonly RequestReader _requests;
    private readonly ResponseSender _answers;
    private ITimer? _loginEnd;
    private Response? _newest;
    private long _refusedBytes;

    public KafkaConnection(Socket socket, ConnectionServices services, EventHubOptions options, ILogger logger)
    {
        (_socket, _services, _options, _logger) = (socket, services, options, logger);
        _memory = new ClientMemory(services.Memory, AddressOf(socket));
        var stage = services.Authenticator is null ? LoginStage.Done : LoginStage.Fresh;
        _session = new ClientSession(ClientOf(socket), stage, _memory, services.Time);
        _frames = new FrameStream(socket, options.StallTimeout, services.Time);
        _requests = new RequestReader(_frames, services, _session, options);
        _answers = new ResponseSender(_frames, _memory, services.Heavy);
        _memory.Requests.TryReclaim = TryReclaimRequest;
        _memory.Fetches.TryReclaim = _memory.Answers.TryReclaim = TryReclaimAnswer;
    }

    /// <summary>Serves the client until it goes, breaks the protocol, or the hub stops. Does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _services.Metrics.Opened();
        _session.LoginExtended += lifetime => EndAfter(lifetime + EndGrace, ended);
        try
        {
            _socket.NoDelay = true;
            _session.ReachedHost = ReachedAddress();
            if ((_services.Security.Tls is null && _session.Stage == LoginStage.Done)
                || await new ClientLogin(_frames, _requests, _session, _services, _options).RunAsync(ended.Token))
            {
                await ServeAsync(ended);
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
            // The client went, stalled, or the hub stops.
        }
        catch (Exception e)
        {
            _logger.ConnectionFailed(_session.Host, e);
        }
        finally
        {
            await ended.CancelAsync();
            await (_loginEnd?.DisposeAsync() ?? ValueTask.CompletedTask);
            _services.Metrics.Closed();
        }
    }

    /// <summary>The client's address, as far as it can still be told.</summary>
    public static string ClientOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
                ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port).ToString()
                : socket.RemoteEndPoint?.ToString() ?? "";
        }
        catch (SocketException)
        {
            return "a client that is gone";
        }
    }

    public async ValueTask DisposeAsync()
    {
        _answers.Dispose();
        await _frames.DisposeAsync();
        _socket.Dispose();
        _memory.Dispose();
        _slots.Dispose();
    }

    private void EndAfter(TimeSpan time, CancellationTokenSource ended)
    {
        _loginEnd ??= _services.Time.CreateTimer(
            _ =>
            {
                _services.Refusals.Refused(_session.Host, "its token has ended, and it did not log in again");
                ended.Cancel();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loginEnd.Change(time, Timeout.InfiniteTimeSpan);
    }

    private string ReachedAddress()
    {
        var address = ((IPEndPoint)_socket.LocalEndPoint!).Address;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private async Task ServeAsync(CancellationTokenSource ended)
    {
        var answered = Task.CompletedTask;
        var inARow = 0;
        var isProducing = false;
        try
        {
            var next = ReadLengthAsync(ended);
            while (true)
            {
                // Here every request but those to produce is answered: what has come already was sent without waiting for it.
                inARow = next.IsCompleted && !isProducing ? inARow + 1 : 0;
                if (await next is not (> 0 and var length))
                {
                    break;
                }

                if (inARow == RequestsOfATurn)
                {
                    inARow = 0;
                    await Task.Delay(FloodPause, _services.Time, ended.Token);
                }

                if (Interlocked.Exchange(ref _refusedBytes, 0) is > HeavyWork.Bytes and var refused)
                {
                    await Task.Delay(TimeSpan.FromSeconds(refused / RefusedBytesPerSecond), _services.Time, ended.Token);
                }

                var request = await _requests.ReadRequestAsync(length, ended.Token);
                var turn = 0;
                Api api;
                try
                {
                    api = _services.Apis.Find(request.Key, request.Version);
                    if (!_session.MayRequest(api.Key))
                    {
                        throw new MalformedRequestException("its token has ended, or was refused, and it did not log in again");
                    }

                    request.BeginBody(api);
                    next = ReadLengthAsync(ended);
                    isProducing = api.Pipelined;
                    await (api.Pipelined ? Task.CompletedTask : answered);
                    await _slots.WaitAsync(ended.Token);
                    if (api.Pipelined && length > HeavyWork.Bytes)
                    {
                        await _services.LargeRequests.TakeAsync(length, ended.Token);
                        turn = length;
                    }
                }
                catch
                {
                    request.Release();
                    throw;
                }

                answered = turn == 0
                    ? AnswerAsync(api, request, turn, answered, ended)
                    : await StartHeavyAsync(api, request, turn, answered, ended);
                await (api.Pipelined ? Task.CompletedTask : answered);
                if (_session.Stage == LoginStage.Refused)
                {
                    break;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await answered;
        }
    }

    /// <returns>The task of its answer, once its batches are in their place in the log.</returns>
    private Task<Task> StartHeavyAsync(Api api, Request request, int turn, Task before, CancellationTokenSource ended) =>
        _services.Heavy.StartAsync(() => AnswerAsync(api, request, turn, before, ended));

    /// <summary>Handles a request at once and answers it when the one before has been answered. A failure ends the connection.</summary>
    private async Task AnswerAsync(Api api, Request request, int turn, Task before, CancellationTokenSource ended)
    {
        var response = new Response(request);
        var isHandedOver = false;
        var began = _services.Metrics.Now();
        try
        {
            _newest?.Next = response;
            _newest = response;
            try
            {
                await api.HandleAsync(request, response, ended.Token);
                Interlocked.Add(ref _refusedBytes, response.RefusedBytes);
            }
            finally
            {
                request.Release();
                if (turn > 0)
                {
                    _services.LargeRequests.Release(turn);
                }

                await before;
            }

            if (!response.Silent)
            {
                isHandedOver = true;
                var sent = await _answers.SendAsync(response, ended.Token);
                _memory.Fetches.Taken += sent;
                _services.Metrics.Sent(api.Key, began, sent);
            }
        }
        catch
        {
            await ended.CancelAsync();
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

    /// <summary>Others need the memory of a request that does not come. What the hub has not read yet is not the client's fault.</summary>
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

        _frames.Abort($"it sent nothing of a request for {idle:c} while others needed its memory");
        return true;
    }

    private bool TryReclaimAnswer(TimeSpan idle)
    {
        _frames.Abort($"it took nothing of an answer for {idle:c} while others needed its memory");
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

    /// <summary>The length of the next request; 0 when the client has gone, which also ends what it waits for.</summary>
    private async Task<int> ReadLengthAsync(CancellationTokenSource ended)
    {
        try
        {
            if (await _requests.ReadLengthAsync(SmallestRequest, _options.MaxRequestBytes, ended.Token) is > 0 and var length)
            {
                return length;
            }

            await ended.CancelAsync();
            return 0;
        }
        catch (MalformedRequestException)
        {
            await ended.CancelAsync();
            throw;
        }
    }
}
