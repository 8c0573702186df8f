namespace Aspire.Hosting;

internal interface IDistributedApplicationBuilder
{
    /// <summary>Settings of AppHost: appsettings.json beside it, the environment, then the command line under <c>Parameters:</c>.</summary>
    public ConfigurationManager Configuration { get; }

    public DistributedApplication Build();
}
