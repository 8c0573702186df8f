using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Clients;

namespace ServiceDefaults.Tests.Clients;

public sealed class ServiceClientsTests
{
    [Fact]
    public async Task Redirection_is_not_followed()
    {
        await using var server = await StartAsync(http => http.Response.Redirect("/elsewhere"));
        using var client = ServiceClients.Create(new Uri(server.Urls.Single()), "The server", "ctk_canary");

        using var response = await client.GetAsync(new Uri("path", UriKind.Relative), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public void Requests_to_this_machine_bypass_the_proxy()
    {
        var proxy = new RemoteProxy();

        proxy.GetProxy(new Uri("http://127.0.0.1:8000")).ShouldBeNull();
        proxy.GetProxy(new Uri("http://localhost:8000")).ShouldBeNull();
        proxy.IsBypassed(new Uri("http://[::1]:8000")).ShouldBeTrue();
        proxy.GetProxy(new Uri("http://hub.example")).ShouldBe(HttpClient.DefaultProxy.GetProxy(new Uri("http://hub.example")));
    }

    private static async Task<WebApplication> StartAsync(Action<HttpContext> respond)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http =>
        {
            respond(http);
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
