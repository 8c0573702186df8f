using CloudTicks.AppHost.Local.Lines;
using CloudTicks.Foundations;
using ServiceDefaults.Clients;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Starts one process, and restarts it when it exits unexpectedly.</summary>
internal sealed class Supervisor(string name, Func<CancellationToken, Task<RunningProcess>> start, LocalEnvironment environment)
    : IAsyncDisposable
{
    /// <summary>The delays between restarts.</summary>
    public static readonly Backoff RestartDelays = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(60);

    // If a process ran longer than this, its exit has a new cause, so its restart uses the first delay again.
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private RunningProcess? _running;
    private volatile bool _killed;
    private Uri? _health;
    private Task _watch = Task.CompletedTask;

    /// <summary>Starts the process, waits until it is healthy, and then restarts it whenever it exits.</summary>
    /// <exception cref="LocalRunException">The process exited, or did not become healthy.</exception>
    public async Task StartAsync(Uri? health, CancellationToken cancellationToken)
    {
        _health = health;
        environment.Parts.SetState(name, PartState.Starting);
        _running = await start(cancellationToken);
        environment.Lines.Write(name, _running.Description);
        if (health is not null)
        {
            await WaitHealthyAsync(_running, health, cancellationToken);
        }

        environment.Parts.SetState(name, PartState.Healthy);
        _watch = WatchAsync(_running, _stopping.Token);
    }

    /// <summary>Drains and stops the process without a restart; a second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        environment.Parts.SetState(name, PartState.Stopping);
        await _stopping.CancelAsync();
        await _watch;
        if (_running is not null)
        {
            await _running.StopAsync();
        }

        environment.Parts.SetState(name, PartState.Stopped);
        _stopping.Dispose();
    }

    /// <summary>Kills the process without a restart, whether or not it has drained.</summary>
    public void Kill()
    {
        _killed = true;
        _running?.Kill();
    }

    private async Task WaitHealthyAsync(RunningProcess process, Uri health, CancellationToken cancellationToken)
    {
        using var http = ServiceClients.Create(TimeSpan.FromSeconds(5));
        var started = environment.Time.GetTimestamp();
        var answer = "no answer";
        while (environment.Time.GetElapsedTime(started) < HealthyWithin)
        {
            if (process.Exited.IsCompleted)
            {
                throw new LocalRunException($"{name} ended with exit code {await process.Exited}: {environment.Lines.LastOf(name)}");
            }

            try
            {
                using var response = await http.GetAsync(health, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                answer = await response.Content.ReadAsStringAsync(cancellationToken);
            }
            catch (HttpRequestException)
            {
                // The process does not listen yet.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                answer = $"no answer within {http.Timeout.TotalSeconds:0} s";
            }

            await Task.Delay(PollInterval, environment.Time, cancellationToken);
        }

        throw new LocalRunException(
            $"{name} was not healthy within {HealthyWithin.TotalSeconds:0} s ({answer}): {environment.Lines.LastOf(name)}");
    }

    /// <summary>Waits until a restarted process is healthy. An unhealthy process is reported, but restarted only when it exits.</summary>
    private async Task WaitHealthyAgainAsync(RunningProcess process, CancellationToken stopping)
    {
        try
        {
            if (_health is not null)
            {
                await WaitHealthyAsync(process, _health, stopping);
            }

            environment.Parts.SetState(name, PartState.Healthy);
        }
        catch (LocalRunException exception)
        {
            environment.Parts.SetState(name, process.Exited.IsCompleted ? PartState.Restarting : PartState.Unhealthy);
            environment.Lines.Write(name, LineLevel.Error, exception.Message);
        }
    }

    private async Task WatchAsync(RunningProcess process, CancellationToken stopping)
    {
        try
        {
            var endCount = 0;
            while (true)
            {
                var since = environment.Time.GetTimestamp();
                var code = await process.Exited.WaitAsync(stopping);
                if (_killed)
                {
                    return;
                }

                endCount = environment.Time.GetElapsedTime(since) > StableAfter ? 1 : endCount + 1;
                var pause = RestartDelays.After(endCount);
                environment.Parts.SetState(name, PartState.Restarting);
                environment.Lines.Write(
                    name, LineLevel.Warning, $"ended with exit code {code}; restarting in {pause.TotalSeconds:0.0} s");
                await Task.Delay(pause, environment.Time, stopping);
                process = await RestartAsync(process, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task<RunningProcess> RestartAsync(RunningProcess ended, CancellationToken stopping)
    {
        try
        {
            _running = await start(stopping);
            environment.Lines.Write(name, _running.Description);
            environment.Parts.SetState(name, PartState.Starting);
            await WaitHealthyAgainAsync(_running, stopping);
            environment.Parts.SetRestarted(name, environment.Time.GetUtcNow());
            return _running;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            environment.Parts.SetState(name, PartState.Restarting);
            environment.Lines.Write(name, LineLevel.Error, $"could not be restarted: {exception.Message}");
            return ended;
        }
    }
}
