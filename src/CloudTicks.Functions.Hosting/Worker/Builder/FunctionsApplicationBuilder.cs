using System.Reflection;
using CloudTicks.Functions.Hosting;
using CloudTicks.Functions.Hosting.Http;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds the host of a function app.</summary>
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder
{
    private const int DefaultPort = 7071;

    /// <summary>The setting with additional ports to listen on, ignored if the addresses are configured.</summary>
    private const string FurtherPorts = "FunctionsHosting:FurtherPorts";

    private readonly WebApplicationBuilder _web;

    internal FunctionsApplicationBuilder(string[] args, IReadOnlyList<Type>? functions)
    {
        // host.json is next to the program, whatever the working directory.
        _web = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        _web.AddFunctions(functions ?? Assembly.GetEntryAssembly()!.GetTypes());
    }

    /// <summary>The app's settings.</summary>
    public ConfigurationManager Configuration => _web.Configuration;

    /// <summary>The app's environment.</summary>
    public IHostEnvironment Environment => _web.Environment;

    /// <summary>The logging configuration.</summary>
    public ILoggingBuilder Logging => _web.Logging;

    /// <summary>The metrics configuration.</summary>
    public IMetricsBuilder Metrics => _web.Metrics;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services => _web.Services;

    IDictionary<object, object> IHostApplicationBuilder.Properties => ((IHostApplicationBuilder)_web).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => _web.Configuration;

    internal bool ServesHttp { get; set; }

    /// <summary>Builds the host.</summary>
    /// <exception cref="InvalidOperationException">A function has an HTTP trigger, but the app does not serve HTTP.</exception>
    public IHost Build()
    {
        _web.ListenByDefaultOn([DefaultPort, .. _web.Configuration.GetSection(FurtherPorts).Get<int[]>() ?? []]);
        var app = _web.Build();
        if (ServesHttp)
        {
            app.UseServiceDefaults();
            app.MapFunctions();
        }
        else if (app.Services.GetRequiredService<IReadOnlyList<HttpFunction>>() is [var function, ..])
        {
            throw new InvalidOperationException(
                $"Function '{function.Name}' is triggered over HTTP, which this app does not serve: call "
                    + $"ConfigureFunctionsWebApplication.");
        }

        return app;
    }

    void IHostApplicationBuilder.ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure) =>
        ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);
}
