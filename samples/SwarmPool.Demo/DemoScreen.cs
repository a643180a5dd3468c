using System.Globalization;
using Spectre.Console;
using SwarmPool.Settlement;

namespace SwarmPool.Demo;

/// <summary>The demo's screen: one line for each thing that happens, then the settlement.</summary>
internal sealed class DemoScreen(IAnsiConsole console)
{
    private readonly Lock gate = new();

    public void Title(string text) => Write(() => console.Write(new Rule($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left }));

    public void Pool(string text) => Line("pool", text);

    /// <summary>Something went wrong and is dealt with.</summary>
    public void Trouble(string who, string text) => Write(() => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{who,-7}[/][yellow]{text}[/]"));

    public void Client(string text) => Line("client", text);

    public void Say(string text) => Write(() => console.WriteLine(text));

    public void Settlement(DemoResult result) => Write(() =>
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("paid to", "address");
        table.AddColumn(new TableColumn("USDC").RightAligned());
        table.AddColumn(new TableColumn("share").RightAligned());
        foreach (var payout in result.Settlement.Payouts)
        {
            table.AddRow(payout.Miner, Short(payout.Address), Places(payout.Amount), Share(payout.Amount, result.Settlement.Volume));
        }

        table.AddRow("operations (" + result.Settlement.OperationsName + ")", Short(result.Settlement.OperationsAddress), Places(result.Settlement.Operations), Share(result.Settlement.Operations, result.Settlement.Volume));
        table.AddEmptyRow();
        table.AddRow("volume", "", Places(result.Settlement.Volume), "100.00 %");
        console.Write(table);
    });

    private static string Short(string address) => address.Length == 42 ? $"{address[..8]}…{address[^6..]}" : address;

    // Six places, so that the column lines up to the micro-unit.
    private static string Places(string amount)
    {
        var micro = Usdc.Parse(amount).Micro;
        return string.Create(CultureInfo.InvariantCulture, $"{micro / Usdc.MicroPerUnit}.{micro % Usdc.MicroPerUnit:D6}");
    }

    private static string Share(string part, string whole) => Usdc.Parse(whole).Micro == 0
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{100m * Usdc.Parse(part).Micro / Usdc.Parse(whole).Micro:0.00} %");

    private void Line(string who, string text) => Write(() => console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{who,-7}[/]{text}"));

    private void Write(Action write)
    {
        lock (gate)
        {
            write();
        }
    }
}
