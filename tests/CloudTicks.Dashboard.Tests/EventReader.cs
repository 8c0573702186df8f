using System.Text.Json;

namespace CloudTicks.Dashboard.Tests;

/// <summary>Reads a stream of server-sent events as a browser does.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, Stream stream) => (_response, _lines) = (response, new StreamReader(stream));

    /// <summary>The id of the last event that had one.</summary>
    public string? LastId { get; private set; }

    public static async Task<EventReader> OpenAsync(HttpClient http, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Returns the next event with a name, and skips comments and other events.</summary>
    public async Task<JsonElement> NextAsync(string name)
    {
        while (true)
        {
            var (read, data) = await NextAsync();
            if (read == name)
            {
                return data;
            }
        }
    }

    /// <summary>Returns the next event with the given name whose data satisfies a condition.</summary>
    public async Task<JsonElement> UntilAsync(string name, Predicate<JsonElement> condition)
    {
        while (true)
        {
            var data = await NextAsync(name);
            if (condition(data))
            {
                return data;
            }
        }
    }

    /// <summary>Returns the next line: a comment or part of an event.</summary>
    public async Task<string?> LineAsync() => await _lines.ReadLineAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }

    private async Task<(string Name, JsonElement Data)> NextAsync()
    {
        var (name, data) = ("message", default(JsonElement?));
        while (await LineAsync() is { } line)
        {
            if (line.Length == 0 && data is { } whole)
            {
                return (name, whole);
            }

            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line["id: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = JsonElement.Parse(line["data: ".Length..]);
            }
        }

        throw new EndOfStreamException("The stream has ended.");
    }
}
