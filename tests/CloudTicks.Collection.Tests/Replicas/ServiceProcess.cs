using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Collection.Tests.Replicas;

/// <summary>A CloudTicks program with an HTTP address, as a process that a test can kill, suspend and resume.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess _process;
    private readonly ConcurrentQueue<string> _lines;
    private readonly HttpClient _http;

    private ServiceProcess(ChildProcess process, Uri address, ConcurrentQueue<string> lines) =>
        (_process, Address, _lines, _http) = (process, address, lines, new HttpClient { BaseAddress = address });

    public Uri Address { get; }

    public int Pid => _process.Pid;

    public IReadOnlyList<string> Lines => [.. _lines];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<ServiceProcess> StartAsync(string program, params (string Name, string Value)[] environment) =>
        StartOnAsync(program, "http://127.0.0.1:0", environment);

    /// <summary>Starts a program that listens on these URLs; the test connects over loopback.</summary>
    public static async Task<ServiceProcess> StartOnAsync(string program, string urls, params (string Name, string Value)[] environment)
    {
        const string listening = "Now listening on: ";
        var path = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == program).Value!;
        var lines = new ConcurrentQueue<string>();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [path, "--urls", urls],
            Environment = environment.ToDictionary(variable => variable.Name, variable => (string?)variable.Value),
            OnOutput = Read,
            OnError = Read,
        });
        await Task.WhenAny(address.Task, process.Exited).WaitAsync(Cancellation);
        address.Task.IsCompleted.ShouldBeTrue(string.Join('\n', lines));
        return new ServiceProcess(process, await address.Task, lines);

        void Read(string line)
        {
            lines.Enqueue(line);
            if (line.IndexOf(listening, StringComparison.Ordinal) is var at and >= 0)
            {
                address.TrySetResult(new UriBuilder(line[(at + listening.Length)..].Trim()) { Host = "127.0.0.1" }.Uri);
            }
        }
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.Exited;
    }

    /// <summary>Suspends the process, as when a laptop sleeps.</summary>
    public Task SuspendAsync() => SignalAsync("-STOP");

    public Task ResumeAsync() => SignalAsync("-CONT");

    public async Task<JsonElement> GetAsync(string path)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation));
        return json.RootElement.Clone();
    }

    public async Task<(int Status, string Text)> HealthAsync()
    {
        using var response = await _http.GetAsync(new Uri("health", UriKind.Relative), Cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Waits until <c>/health</c> responds with 200.</summary>
    public async Task UntilHealthyAsync()
    {
        using var poll = new PeriodicTimer(PollInterval);
        while ((await HealthAsync()).Status != 200)
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    public async Task<(int Status, string Text)> TryGetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Sends JSON, and repeats it while the response is 503: a central hub gives its database only a few seconds.</summary>
    public async Task<JsonElement> PostJsonAsync(string path, string json)
    {
        while (true)
        {
            using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), body, Cancellation);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                var text = await response.Content.ReadAsStringAsync(Cancellation);
                response.IsSuccessStatusCode.ShouldBeTrue(text);
                using var document = JsonDocument.Parse(text);
                return document.RootElement.Clone();
            }
        }
    }

    public async Task PostAsync(string path, object? body = null)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task DeleteAsync(string path)
    {
        using var response = await _http.DeleteAsync(new Uri(path, UriKind.Relative), Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> reached)
    {
        using var poll = new PeriodicTimer(PollInterval);
        while (true)
        {
            var (status, text) = await TryGetAsync(path);
            // On a busy machine a central hub may respond with 503, because its database is too slow.
            if (status != 503)
            {
                status.ShouldBe(200, text);
                using var json = JsonDocument.Parse(text);
                if (reached(json.RootElement))
                {
                    return json.RootElement.Clone();
                }
            }

            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    public async Task LineAsync(string part)
    {
        using var poll = new PeriodicTimer(PollInterval);
        while (!_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.TerminateAsync(GracePeriod);
        await _process.DisposeAsync();
    }

    private async Task SignalAsync(string signal) => (await ChildProcess.RunAsync(
        new ChildProcessOptions { FileName = "kill", Arguments = [signal, $"{_process.Pid}"] }, Cancellation)).ShouldBe(0);
}
