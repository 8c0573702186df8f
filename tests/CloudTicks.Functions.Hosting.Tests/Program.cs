using Xunit.MicrosoftTestingPlatform;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>
/// Runs the tests, or with <see cref="FunctionApp.Argument"/> first the function app that a test wants as a process of its own.
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args is [FunctionApp.Argument, .. var rest]
        ? FunctionApp.RunAsync(rest)
        : TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
