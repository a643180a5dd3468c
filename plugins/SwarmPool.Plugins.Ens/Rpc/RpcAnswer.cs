using System.Globalization;
using System.Text.Json;

namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>What a node answered to one call: a result, or an error with what came with it.</summary>
/// <param name="Result">The result; undefined with an error.</param>
/// <param name="Error">The error's message; null without one.</param>
/// <param name="ErrorCode">The error's code; 0 without one.</param>
/// <param name="ErrorData">What a contract gave when it reverted; empty without.</param>
internal readonly record struct RpcAnswer(JsonElement Result, string? Error, int ErrorCode, byte[] ErrorData)
{
    // Geth and those that follow it give code 3; others say it in words. Whatever else is wrong is the node's affair.
    private static readonly string[] ContractFaults =
        ["revert", "opcode", "out of gas", "outofgas", "stack underflow", "stack overflow", "invalid jump", "evm error"];

    /// <summary>Whether the error is a contract's: the same for every node.</summary>
    public bool IsRevert
    {
        get
        {
            var error = Error;
            return error is not null && (ErrorCode == 3 || ContractFaults.Any(fault => error.Contains(fault, StringComparison.OrdinalIgnoreCase)));
        }
    }

    public static RpcAnswer Parse(JsonElement answer)
    {
        if (!answer.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
        {
            return new RpcAnswer(answer.TryGetProperty("result", out var result) ? result : default, null, 0, []);
        }

        var code = error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : 0;
        var message = error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "an error without a message";
        return new RpcAnswer(default, message, code, error.TryGetProperty("data", out var data) && TryBytes(data, out var bytes) ? bytes : []);
    }

    /// <summary>Reads 0x and hex digits.</summary>
    public static bool TryBytes(JsonElement element, out byte[] bytes)
    {
        bytes = [];
        if (Text(element) is not { } text || !text.StartsWith("0x", StringComparison.Ordinal) || text.Length % 2 != 0)
        {
            return false;
        }

        var buffer = new byte[(text.Length / 2) - 1];
        var done = Convert.FromHexString(text.AsSpan(2), buffer, out _, out _) == System.Buffers.OperationStatus.Done;
        bytes = done ? buffer : [];
        return done;
    }

    /// <summary>A member of an object; undefined when it is none, has no such member, or its names can't be read.</summary>
    public static JsonElement Member(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    // Nodes say what contracts give them, NULs and all; half a character alone can't be read.
    private static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads 0x and the hex digits of a number below 2^63.</summary>
    public static bool TryNumber(JsonElement element, out long number)
    {
        number = 0;
        return Text(element) is { Length: > 2 } text && text.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) && number >= 0;
    }
}
