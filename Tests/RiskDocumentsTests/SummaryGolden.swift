/// The texts that the sample run must show on a terminal.
enum SummaryGolden {
  static let summary = """
    Book at 2026-02-05T21:29:37Z, money in USD
      5 accounts, 1 incomplete, equity 1,000.25, 2 set aside (see failures)

      Greeks   delta   cash delta   cash gamma 1 %   vega 1.00   theta a year
      BTC       1.00       100.00             0.10        3.00          -4.00
      ETH      -2.00      -200.00            -0.20       -6.00           8.00
      all                 -100.00            -0.10       -3.00           4.00

      Value at risk   days     VaR   ± error      ES   ± error
      0.975              1   12.50      0.50   15.25      0.75

      Stress   profit and loss
      crash            -250.00

      Margin      model        initial   maintenance   capital   surplus
      isolated    derive-srm    300.00        200.00    450.50    800.00
      cross       derive-srm    300.00        200.00    450.50    800.00
      portfolio   derive-srm    300.00        200.00    450.50    800.00
      capital saved by pooling 1.00, by the model -2.00, by offsets 3.00

      Closest to liquidation     equity   maintenance       use     surplus   distance
      bankrupt                 1,000.25          1.00      over       -2.00      under
      short                    1,000.25      1,500.00   150.0 %     -500.00      under
      tight                    1,000.25    12,345,678    92.5 %   1,000,000     26.0 %
      calm                     1,000.25        200.00    20.0 %      800.00     26.0 %
      use: portfolio maintenance over counted equity; distance: |ln(price / spot)|, under where it, or a position held isolated, is liquidated as it stands

    """

  static let explanation = """
    Account desk-1 at 2026-02-05T21:29:37Z, money in USD
      Equity is 1,000.25, leverage 1.5.

      Nearest to liquidation: position BTC-PERPETUAL (isolated, derive-srm), when BTC is at \
    50,000.5, 23.1 % below today's 65,010.5 or 8.1 standard deviations of a day.

    derive-srm, isolated: requires 300.00 initial and 200.00 maintenance; counts 1,000.00 of equity.
      It is 800.00 above maintenance and 700.00 above initial margin.
      Left out, since the model cannot margin them: ETH-27MAR26-3000-C.
      What binds: scenario down_20 = up_20.
      Legs under it, worst first   profit and loss
      BTC-PERPETUAL                        -300.25
      ETH-27MAR26-3000-C                   -120.50
      BTC                                    40.00
      Parts of the requirement   initial   maintenance
      perpetuals                  150.00        100.00
      options                     150.00        100.00

    Where the saving comes from: under derive-pmrm2 the positions need 100.00 of maintenance one by one and \
    60.00 together, so it saves 40.00.
      By netting set   one by one   as one   share   saves   capital saved
      ETH 2026-03-27        40.00    40.00   25.00   15.00            2.00
      By position, greatest first   alone   share          saves   capital saved
      ETH-27MAR26-3000-C            40.00   25.00   15.00 ± 0.50            2.00
      Biggest offsets of two: BTC-PERPETUAL with ETH-27MAR26-3000-C 15.00.
      ETH has 1 worst scenarios alike, up: no one allocation to positions is the right one, \
    --format json has one for each.
      BTC-PERPETUAL can take 140.00 from the rest, 12.5 % of its equity: it loses 300.00 in crash, isolated \
    margin stops at 160.00; it alone breaks the account in cross mode.

    """
}
