using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Tests;

public class RelayOptionsTests
{
    [Fact]
    public void Unknown_setting_is_refused()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:eventhubs"] = "127.0.0.1:1";
        builder.Configuration["Relay:Clints"] = "2";
        builder.AddRelay();
        using var services = builder.Services.BuildServiceProvider();

        Should.Throw<InvalidOperationException>(() => services.GetRequiredService<IOptions<RelayOptions>>().Value)
            .Message.ShouldContain("Clints");
    }
}
