using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace CloudTicks.Functions.Tests.Configuring;

/// <summary>
/// An editor that makes many changes through the central hub of one functions process, which may fail. The comment of each change
/// identifies it, so that the editor recognises its own changes when it received no response.
/// </summary>
internal sealed class RandomEdits(Uri hub, int seed)
{
    private const string Path = "/" + HubClient.Collector;
    // Three minutes of attempts: on a busy machine, killed functions and a killed database take long to start.
    private const int MaxAttempts = 3_600;

    /// <summary>The number of versions to read, more than all editors make together while this editor's process is unavailable.</summary>
    private const int MaxVersions = 500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);

    /// <summary>The changes that were stored, by the number of their version.</summary>
    public ConcurrentDictionary<int, string> Stored { get; } = new();

    /// <summary>The number of invalid changes that were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The number of attempts that ended without a response, or with 503.</summary>
    public int Failures => Volatile.Read(ref _failures);

    private int _failures;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes one change, and retries until it is known to be stored or refused.</summary>
    public async Task MakeAsync(int number, bool isInvalid)
    {
        using var client = new HubClient(hub);
        var comment = $"edit {seed}-{number}";
        var body = isInvalid ? InvalidDocument() : ValidDocument(number);
        for (var attempt = 0; !await TryAsync(client, comment, body, isInvalid); attempt++)
        {
            attempt.ShouldBeLessThan(MaxAttempts, comment);
            await Task.Delay(RetryDelay, TimeProvider.System, Cancellation);
        }
    }

    private async Task<bool> TryAsync(HubClient client, string comment, string body, bool isInvalid)
    {
        try
        {
            var read = await client.GetAsync(Path);
            var history = await client.GetAsync($"{Path}/history?limit={MaxVersions}");
            if (read.Status != HttpStatusCode.OK || history.Status != HttpStatusCode.OK)
            {
                return Failed();
            }

            if (history.Json["versions"]!.AsArray()
                .FirstOrDefault(version => version!["comment"]?.GetValue<string>() == comment) is { } own)
            {
                // The response was lost, but the change was stored.
                isInvalid.ShouldBeFalse(comment);
                return Stored.TryAdd(own["version"]!.GetValue<int>(), comment);
            }

            var response = await client.PostAsync($"{Path}?comment={Uri.EscapeDataString(comment)}", body, read.Tag);
            switch (response.Status)
            {
                case HttpStatusCode.OK when !isInvalid:
                    return Stored.TryAdd(response.Version, comment);
                case HttpStatusCode.BadRequest when isInvalid:
                    response.Json["errors"]!.AsArray().ShouldNotBeEmpty();
                    Refused++;
                    return true;
                case HttpStatusCode.PreconditionFailed:
                    return false;
                case HttpStatusCode.ServiceUnavailable:
                    return Failed();
                default:
                    throw new InvalidOperationException($"{comment}: {response.Status} {response.Text}");
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return Failed();
        }
    }

    private bool Failed()
    {
        Interlocked.Increment(ref _failures);
        return false;
    }

    /// <summary>Creates a valid document with some currency pairs and a stock that no other change has.</summary>
    private string ValidDocument(int number)
    {
        string[] pairs = ["EURUSD", "XAUUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCAD", "NZDUSD", "EURGBP"];
        _random.Shuffle(pairs);
        return HubClient.Symbols([.. pairs[.._random.Next(pairs.Length)],
            $"Z{(char)('A' + (seed % 26))}{(char)('A' + (number / 26))}{(char)('A' + (number % 26))}"]);
    }

    private string InvalidDocument() => _random.Next(5) switch
    {
        0 => HubClient.Symbols("EUR USD !"),
        1 => """{"operational":{"symbol":["EURUSD"]}}""",
        2 => """{"operational":{"rate_limit_per_second":-1}}""",
        3 => """{"operational":{"lists":["sp-501"]}}""",
        _ => new JsonObject { ["operational"] = "EURUSD" }.ToJsonString(),
    };
}
