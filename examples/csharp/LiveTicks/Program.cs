// Prints live ticks from NATS, one line of JSON per tick, until Ctrl-C or the number of ticks in the third argument.
using System.Globalization;
using System.Text;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

if (args is not [var server, var subject, .. var rest])
{
    Console.Error.WriteLine("Usage: dotnet run --project examples/csharp/LiveTicks -- nats://127.0.0.1:4222 ticks.EURUSD [COUNT]");
    return 2;
}

var wanted = rest is [var number] ? long.Parse(number, CultureInfo.InvariantCulture) : long.MaxValue;
var builder = Host.CreateApplicationBuilder();
builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:nats", server)]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddNatsSubscriber();
using var host = builder.Build();

var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
Console.CancelKeyPress += (_, press) => press.Cancel = ended.TrySetResult();
await using var subscriber = host.Services.GetRequiredService<NatsSubscriber>();
var received = 0L;

// The client calls this handler for one message at a time, on its own thread, and resubscribes after a lost connection.
await using var subscription = subscriber.Subscribe(subject, (_, payload) =>
{
    if (++received <= wanted)
    {
        Console.WriteLine(Encoding.UTF8.GetString(payload));
    }

    if (received >= wanted)
    {
        ended.TrySetResult();
    }
});
await ended.Task;
return 0;
