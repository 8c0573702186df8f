using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using CloudTicks.CentralHub.Access;
using CloudTicks.TestServices;
using Microsoft.Azure.Functions.Worker;
using ServiceDefaults.Clients;

namespace CloudTicks.Functions.Tests.Access;

/// <summary>Every HTTP function, including functions added later, checks the caller.</summary>
public partial class EveryFunctionTests(PostgresFixture postgres)
{
    private const string WriterKey = "canary-0123456789abcdef-writer-0123456789abcdef";

    private static readonly IReadOnlyList<(string Method, string Path)> Routes =
    [
        .. typeof(Status).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .OfType<HttpTriggerAttribute>()
            .SelectMany(
                trigger => trigger.Methods.Select(method => (method.ToUpperInvariant(), $"/{Parameter().Replace(trigger.Route!, "1")}"))),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_health_and_alive_need_no_key_beyond_loopback()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsOnAsync("http://0.0.0.0:0", (AccessKey.FirstWriterVariable, WriterKey));
        using var http = await ClientAsync(functions);

        Routes.Count.ShouldBeGreaterThan(8);
        foreach (var (method, path) in Routes)
        {
            (await StatusAsync(http, method, path)).ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
            (await StatusAsync(http, method, path, (ServiceKey.Header, "wrong"))).ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }

        (await StatusAsync(http, "GET", "/alive")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(http, "GET", "/health")).ShouldNotBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(http, "GET", "/api/v1/keys/self", (ServiceKey.Header, WriterKey))).ShouldBe(HttpStatusCode.OK);
        await functions.LineAsync("Every caller needs a key");
        functions.Log.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Foreign_page_reaches_no_local_function()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        using var http = await ClientAsync(functions);

        foreach (var (method, path) in Routes)
        {
            (await StatusAsync(http, method, path, ("Host", "evil.example"))).ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
            (await StatusAsync(http, method, path, ("Origin", "http://evil.example")))
                .ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        }

        (await StatusAsync(http, "GET", "/api/v1/status")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Functions_need_no_runtime_key() =>
        typeof(Status).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>()
            .ShouldAllBe(trigger => trigger.AuthLevel == AuthorizationLevel.Anonymous);

    private static async Task<HttpClient> ClientAsync(FunctionsProcess functions) =>
        new() { BaseAddress = new Uri($"http://127.0.0.1:{(await functions.AddressAsync()).Port}") };

    private static async Task<HttpStatusCode> StatusAsync(
        HttpClient http, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (method is not "GET" and not "DELETE")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
