using System.Net;
using System.Net.Sockets;

namespace CloudTicks.EventHub.Shares;

/// <summary>What one connection may hold in memory: of its requests, of fetched records, and of other large answers.</summary>
internal sealed class ClientMemory(MemoryBudgets budgets, string address) : IDisposable
{
    private const int NetworkBytesOf6 = 8;

    public string Address => address;

    public MemoryShare Requests { get; } = budgets.Requests.Open(address);

    public MemoryShare Fetches { get; } = budgets.Fetches.Open(address);

    public MemoryShare Answers { get; } = budgets.Answers.Open(address);

    /// <summary>The client that an address stands for: of version 6 a host has a whole network of 64 bits.</summary>
    public static string AddressOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytesOf6).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    public void Dispose()
    {
        Requests.Dispose();
        Fetches.Dispose();
        Answers.Dispose();
    }
}
