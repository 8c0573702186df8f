using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Tests.Http;

public sealed class HttpTests : IAsyncDisposable
{
    private IHost? _host;
    private HttpClient? _http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/echo/EURUSD?limit=5", HttpStatusCode.OK, "EURUSD 5")]
    [InlineData("/v1/echo/", HttpStatusCode.OK, "none none")]
    [InlineData("/sync", HttpStatusCode.NotFound, "nothing")]
    [InlineData("/health", HttpStatusCode.OK, "Healthy")]
    public async Task Request_is_routed_to_its_function(string path, HttpStatusCode status, string text)
    {
        await StartAsync(typeof(Functions), "--AzureFunctionsJobHost:extensions:http:routePrefix=");

        using var response = await _http!.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe(text);
    }

    [Fact]
    public async Task Routes_begin_with_api_by_default()
    {
        await StartAsync(typeof(Functions));

        (await _http!.GetStringAsync(new Uri("/api/v1/echo/AAPL", UriKind.Relative), Cancellation)).ShouldBe("AAPL none");
    }

    [Fact]
    public async Task HTTP_method_that_the_trigger_does_not_name_is_refused()
    {
        await StartAsync(typeof(Functions));

        using var response = await _http!.PostAsync(new Uri("/api/v1/echo/AAPL", UriKind.Relative), null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Failing_function_responds_without_its_secrets()
    {
        await StartAsync(typeof(Functions));

        using var response = await _http!.GetAsync(new Uri("/api/fails", UriKind.Relative), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        text.ShouldContain("Function Fails failed");
        text.ShouldNotContain("canary");
    }

    [Fact]
    public void App_listens_on_its_additional_ports_by_default()
    {
        var builder = new FunctionsApplicationBuilder(
            ["--FunctionsHosting:FurtherPorts:0=9100", "--FunctionsHosting:FurtherPorts:1=7000"], [typeof(Functions)]);
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        ((WebApplication)host).Configuration["urls"].ShouldBe("http://127.0.0.1:7071;http://127.0.0.1:9100;http://127.0.0.1:7000");
    }

    [Fact]
    public void App_without_HTTP_support_is_rejected() =>
        Should.Throw<InvalidOperationException>(() => new FunctionsApplicationBuilder([], [typeof(Functions)]).Build())
            .Message.ShouldContain("ConfigureFunctionsWebApplication");

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }
    }

    private async Task StartAsync(Type functions, params string[] settings)
    {
        var builder = new FunctionsApplicationBuilder(["--urls=http://127.0.0.1:0", .. settings], [functions]);
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders();
        _host = builder.Build();
        await _host.StartAsync(Cancellation);
        var address = _host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _http = new HttpClient { BaseAddress = new Uri(address) };
    }

    private static class Functions
    {
        [Function("Echo")]
        public static Task<IActionResult> EchoAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v1/echo/{symbol?}")] HttpRequest request,
            string? symbol,
            FunctionContext context,
            CancellationToken cancellationToken)
        {
            cancellationToken.ShouldBe(context.CancellationToken);
            return Task.FromResult<IActionResult>(new ContentResult { Content = $"{symbol ?? "none"} {Of(request, "limit")}" });
        }

        [Function("Sync")]
        public static IActionResult Answer([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
            Of(request, "missing") == "none" ? new NotFoundObjectResult("nothing") : new OkResult();

        [Function("Fails")]
        public static Task<IActionResult> FailAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            throw new InvalidOperationException($"canary {request.Path}");

        private static string Of(HttpRequest request, string name) => request.Query[name].FirstOrDefault() ?? "none";
    }
}
