using Xunit.MicrosoftTestingPlatform;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>Runs the tests or, if the first argument is <see cref="FunctionApp.Argument"/>, the function app for a test.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args is [FunctionApp.Argument, .. var rest]
        ? FunctionApp.RunAsync(rest)
        : TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
